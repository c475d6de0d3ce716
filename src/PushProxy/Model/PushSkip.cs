using PushProxy.Http2;

namespace PushProxy.Model;

/// <summary>Why a resource that may be delivered was not pushed. It may still be named in a <c>Link</c>.</summary>
internal enum PushSkip
{
    /// <summary>The resource was pushed, or no push was tried.</summary>
    None,

    /// <summary>Whether it is needed depends on the client's screen, and only the document decides that.</summary>
    DependsOnScreen,

    /// <summary>The client's connection is not HTTP/2, or its endpoint cannot push.</summary>
    NotHttp2,

    /// <summary>The endpoint calls <c>UseServerPush()</c> before <c>UseHttps()</c>.</summary>
    BeforeTls,

    /// <summary>The client turned push off (SETTINGS_ENABLE_PUSH, RFC 9113 §6.5.2).</summary>
    PushOff,

    /// <summary>
    /// The connection, or all connections together, already have as many pushes under way as the client, the server or the options allow.
    /// </summary>
    PushLimit,

    /// <summary>The connection is closing, or its stream identifiers are used up.</summary>
    ConnectionClosing,

    /// <summary>The response has ended, or the client reset the request.</summary>
    RequestEnded,

    /// <summary>The target or the header fields of the promised request are not valid.</summary>
    InvalidPromise,

    /// <summary>A push of the same resource is under way on this connection.</summary>
    UnderWay,

    /// <summary>The page already has <see cref="DeliveryPolicy.MaxPushes"/> pushes.</summary>
    OverPushCount,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxPushBytes"/>.</summary>
    OverPushBytes,

    /// <summary>The path to this client cannot carry it before the page comes.</summary>
    OverIdleTime,

    /// <summary>
    /// The client has cookies or authorization, and it is not known that the resource is the same without them. Before the client's own
    /// page names the resource, nothing is asked for in the client's name.
    /// </summary>
    NeedsCredentials,

    /// <summary>
    /// The origin's answers differ by a field of the client's own request that no promise has (<see cref="PromiseVary"/>).
    /// </summary>
    Varies,

    /// <summary>The client has this version, and will ask whether it is still current (<see cref="CacheEvidence.StaleCopy"/>).</summary>
    HasStaleCopy,
}

/// <summary>Translates the result of a push into a reason.</summary>
internal static class PushSkips
{
    /// <summary>Returns why a push was refused; <see cref="PushSkip.None"/> if it was accepted.</summary>
    public static PushSkip ToSkip(this PushOutcome outcome) => outcome switch
    {
        PushOutcome.Pushed => PushSkip.None,
        PushOutcome.NotHttp2 => PushSkip.NotHttp2,
        PushOutcome.BeforeTls => PushSkip.BeforeTls,
        PushOutcome.DisabledByClient => PushSkip.PushOff,
        PushOutcome.LimitReached => PushSkip.PushLimit,
        PushOutcome.ConnectionClosing or PushOutcome.IdentifiersUsedUp => PushSkip.ConnectionClosing,
        PushOutcome.ParentEnded => PushSkip.RequestEnded,
        PushOutcome.RequestIsPushed or PushOutcome.InvalidTarget or PushOutcome.InvalidHeader => PushSkip.InvalidPromise,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
