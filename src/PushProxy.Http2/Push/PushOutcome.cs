namespace PushProxy.Http2;

/// <summary>What came of asking to push, and if nothing, why not.</summary>
public enum PushOutcome
{
    /// <summary>The promise is on its way. What becomes of it, see <see cref="ServerPush.Completion"/>.</summary>
    Pushed,

    /// <summary>The request did not come over HTTP/2, or its endpoint has no <c>UseServerPush()</c>.</summary>
    NotHttp2,

    /// <summary>The client forbids pushes: SETTINGS_ENABLE_PUSH is 0 (RFC 9113 §6.5.2), or it allows no pushed stream at all (§5.1.2).</summary>
    DisabledByClient,

    /// <summary>The request was itself pushed. A promise is made on a stream of the client's only (RFC 9113 §8.4.1).</summary>
    RequestIsPushed,

    /// <summary>The response has ended, or the client reset the request (RFC 9113 §8.4.1: the stream must be open or half-closed).</summary>
    ParentEnded,

    /// <summary>
    /// Too much is under way: the client's SETTINGS_MAX_CONCURRENT_STREAMS, Kestrel's <c>MaxStreamsPerConnection</c> or a bound
    /// of <see cref="ServerPushOptions"/>. A later push may succeed.
    /// </summary>
    LimitReached,

    /// <summary>The connection is closed or closing: no promise follows a GOAWAY of either side (RFC 9113 §6.8).</summary>
    ConnectionClosing,

    /// <summary>Neither an absolute path nor a URL of the request's own origin, or a method other than GET and HEAD.</summary>
    InvalidTarget,

    /// <summary>A field that a promised request cannot carry: a pseudo-field, one about connection or content, or one with forbidden characters.</summary>
    InvalidHeader,

    /// <summary>Stream identifiers are used up (RFC 9113 §5.1.1). Only a new connection helps.</summary>
    IdentifiersUsedUp,
}
