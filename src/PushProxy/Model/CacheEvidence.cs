namespace PushProxy.Model;

/// <summary>How the proxy knows that a client has a resource in a version. A promise whose push was not delivered is no evidence.</summary>
internal enum CacheEvidence
{
    /// <summary>The proxy does not know that the client has it.</summary>
    None,

    /// <summary>The client's own request was answered with it, to the last byte, on this connection.</summary>
    ServedOnConnection,

    /// <summary>It was pushed to the client, to the last byte, on this connection.</summary>
    PushedOnConnection,

    /// <summary>The client made a conditional request for it and was answered 304 on this connection.</summary>
    Validated,

    /// <summary>
    /// The client has made a conditional request for it, and the answer is not complete. The client has it and is validating it.
    /// </summary>
    ConditionalRequest,

    /// <summary>The client refused or cancelled a push of it. The client has it or does not want it.</summary>
    RefusedByClient,

    /// <summary>The cookie says that it was served or pushed on an earlier connection.</summary>
    InCookie,

    /// <summary>
    /// The client has this version, but may not use it without asking. It would be answered 304, so a push would be wasted, and a Link is
    /// not.
    /// </summary>
    StaleCopy,
}

/// <summary>Says what evidence means for a delivery.</summary>
internal static class CacheEvidences
{
    /// <summary>Whether the client asks for the resource when its page names it: it has no copy, or one that it has to validate.</summary>
    public static bool IsAskedFor(this CacheEvidence evidence) => evidence is CacheEvidence.None or CacheEvidence.StaleCopy;
}
