namespace PushProxy.Model;

/// <summary>Says for whom a page is made, and so to whom the names in it may be disclosed.</summary>
internal enum Audience
{
    /// <summary>The request carries no cookies and the response sets none. Anybody who asks gets the same page.</summary>
    Everyone,

    /// <summary>The request carries no cookies, but the response sets one. What the page names may be made for this visitor.</summary>
    Newcomers,

    /// <summary>The request carries Cookie or Authorization.</summary>
    Members,
}
