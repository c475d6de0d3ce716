namespace PushProxy.Model;

/// <summary>Whose page it is, and so who may be told what it names.</summary>
internal enum Audience
{
    /// <summary>Asked for without cookies, and it sets none: anybody may ask, and gets the same.</summary>
    Everyone,

    /// <summary>Asked for without cookies, but it sets one: what it names may be made for this visitor.</summary>
    Newcomers,

    /// <summary>Asked for with Cookie or Authorization.</summary>
    Members,
}
