using PushProxy.Http2;

namespace PushProxy.Model;

/// <summary>Why a resource that may be delivered was not pushed. It may still be named in a <c>Link</c>.</summary>
internal enum PushSkip
{
    /// <summary>It was pushed, or nobody tried.</summary>
    None,

    /// <summary>It depends on the client's screen, which only the document decides.</summary>
    DependsOnScreen,

    /// <summary>The client's connection is not HTTP/2, or its endpoint cannot push.</summary>
    NotHttp2,

    /// <summary>The client turned push off (SETTINGS_ENABLE_PUSH, RFC 9113 §6.5.2).</summary>
    PushOff,

    /// <summary>The connection has as many pushes under way as its client, the server or the options allow.</summary>
    PushLimit,

    /// <summary>The connection is closing, or its stream identifiers are used up.</summary>
    ConnectionClosing,

    /// <summary>The response has ended, or the client reset the request.</summary>
    RequestEnded,

    /// <summary>The promised request would not be valid: its target or its header fields.</summary>
    InvalidPromise,

    /// <summary>A push of the same resource is under way on this connection.</summary>
    UnderWay,

    /// <summary>More pushes than <see cref="DeliveryPolicy.MaxPushes"/>.</summary>
    OverPushCount,

    /// <summary>It does not fit into <see cref="DeliveryPolicy.MaxPushBytes"/>.</summary>
    OverPushBytes,

    /// <summary>The path to this client cannot carry it before the page comes.</summary>
    OverIdleTime,
}

/// <summary>Reads what the HTTP/2 layer says of a push.</summary>
internal static class PushSkips
{
    /// <summary>Why a push was refused; <see cref="PushSkip.None"/> when it was taken.</summary>
    public static PushSkip ToSkip(this PushOutcome outcome) => outcome switch
    {
        PushOutcome.Pushed => PushSkip.None,
        PushOutcome.NotHttp2 => PushSkip.NotHttp2,
        PushOutcome.DisabledByClient => PushSkip.PushOff,
        PushOutcome.LimitReached => PushSkip.PushLimit,
        PushOutcome.ConnectionClosing or PushOutcome.IdentifiersUsedUp => PushSkip.ConnectionClosing,
        PushOutcome.ParentEnded => PushSkip.RequestEnded,
        PushOutcome.RequestIsPushed or PushOutcome.InvalidTarget or PushOutcome.InvalidHeader => PushSkip.InvalidPromise,
        _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
    };
}
