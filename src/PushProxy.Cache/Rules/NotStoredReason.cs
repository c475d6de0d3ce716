namespace PushProxy.Cache.Rules;

/// <summary>Why a response is not stored. Logs, metrics and <c>Cache-Status</c> show these words.</summary>
internal enum NotStoredReason
{
    /// <summary>It is stored.</summary>
    None,

    /// <summary>The response says no-store (RFC 9111 §5.2.2.5), or a directive is broken that may have meant it.</summary>
    NoStore,

    /// <summary>The response says private (RFC 9111 §5.2.2.7).</summary>
    Private,

    /// <summary>The response sets a cookie. It was made for one client.</summary>
    SetsCookie,

    /// <summary>The response varies by everything, or by fields that tell clients apart.</summary>
    Varies,

    /// <summary>The request has credentials, and the response does not say that it is for everybody (RFC 9111 §3.5).</summary>
    Credentials,

    /// <summary>The response says neither how long it is fresh nor how to validate it, or its status needs it to say so.</summary>
    NoFreshness,

    /// <summary>Its status is not one to store: 206, 304 that answers a client's own condition, one that is not understood.</summary>
    Status,

    /// <summary>It is a document, and only assets are stored.</summary>
    Document,

    /// <summary>The body is longer than allowed, or its length is not what the response says.</summary>
    TooLong,

    /// <summary>The request has fields that origins take for another address, and no key has them.</summary>
    OddRequest,

    /// <summary>The body broke off.</summary>
    Incomplete,

    /// <summary>What is stored under this key was removed while the response came.</summary>
    Purged,

    /// <summary>The stream has no end: server-sent events.</summary>
    Endless,

    /// <summary>The bodies under way take all the memory that they may (<see cref="HttpCacheOptions.MaxBytesUnderWay"/>).</summary>
    Busy,

    /// <summary>Nobody waited for the body any more, and it went on for too long (<see cref="HttpCacheOptions.UnreadTimeout"/>).</summary>
    Unread,
}
