namespace PushProxy.Cache.Store;

/// <summary>What a stored response may be used for at a moment (RFC 9111 §4).</summary>
internal enum Usability
{
    /// <summary>It answers.</summary>
    Fresh,

    /// <summary>It answers, and is validated meanwhile (RFC 5861 §3).</summary>
    StaleWhileRevalidate,

    /// <summary>The origin has to be asked first.</summary>
    Validate,
}
