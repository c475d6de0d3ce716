namespace PushProxy.Model;

/// <summary>Says for whom a page is made, and so to whom the names in it may be disclosed.</summary>
internal enum Audience
{
    /// <summary>
    /// The request carries no cookies, the response sets none that identifies a client, and a shared cache may store it. Anybody who asks
    /// gets the same page.
    /// </summary>
    Everyone,

    /// <summary>
    /// The request carries no cookies, but the response sets one that identifies a client, or no shared cache may store it (RFC 9111
    /// §5.2.2.5, §5.2.2.7). What the page names may be made for this visitor.
    /// </summary>
    Newcomers,

    /// <summary>The request carries Cookie or Authorization.</summary>
    Members,
}
