namespace PushProxy.Model;

/// <summary>
/// How it is known that a client has a resource in a version. A promise that was not delivered is none of these.
/// </summary>
internal enum CacheEvidence
{
    /// <summary>It is not known.</summary>
    None,

    /// <summary>Its own request was answered with it, to the last byte, on this connection.</summary>
    ServedOnConnection,

    /// <summary>It was pushed to it, to the last byte, on this connection.</summary>
    PushedOnConnection,

    /// <summary>It asked for it with a condition and was answered 304 on this connection.</summary>
    Validated,

    /// <summary>It asks for it with a condition, and the answer is under way: it has it, and it is being looked after.</summary>
    ConditionalRequest,

    /// <summary>It refused or cancelled a push of it: it has it, or it does not want it.</summary>
    RefusedByClient,

    /// <summary>Served or pushed on an earlier connection, as the cookie remembers.</summary>
    InCookie,
}
