namespace PushProxy.Http2;

/// <summary>Whether a push was accepted, or why not.</summary>
public enum PushOutcome
{
    /// <summary>The push was accepted. <see cref="ServerPush.Completion"/> tells how it ends.</summary>
    Pushed,

    /// <summary>The request did not come over HTTP/2, or its endpoint has no <c>UseServerPush()</c>.</summary>
    NotHttp2,

    /// <summary>
    /// The client refuses pushes: its SETTINGS_ENABLE_PUSH is 0 (RFC 9113 §6.5.2), or its SETTINGS_MAX_CONCURRENT_STREAMS is (§5.1.2).
    /// </summary>
    DisabledByClient,

    /// <summary>The request was itself pushed. Only a request that the client made can push (RFC 9113 §8.4.1).</summary>
    RequestIsPushed,

    /// <summary>
    /// The response has ended, or the client reset the request (RFC 9113 §8.4.1: the stream must be open or half-closed).
    /// </summary>
    ParentEnded,

    /// <summary>
    /// A limit is reached, of this connection or of all together: the client's SETTINGS_MAX_CONCURRENT_STREAMS, Kestrel's
    /// <c>MaxStreamsPerConnection</c>, or a limit of <see cref="ServerPushOptions"/>. A later push may succeed.
    /// </summary>
    LimitReached,

    /// <summary>The connection is closed or closing: after a GOAWAY of either side nothing is promised (RFC 9113 §6.8).</summary>
    ConnectionClosing,

    /// <summary>The target is neither an absolute path nor a URL of the request's own origin, or the method is not GET or HEAD.</summary>
    InvalidTarget,

    /// <summary>
    /// A promised request cannot carry one of the fields: a pseudo-field, a field about the connection or content, or a field with
    /// forbidden characters.
    /// </summary>
    InvalidHeader,

    /// <summary>The stream identifiers of the connection are used up (RFC 9113 §5.1.1). A new connection has new ones.</summary>
    IdentifiersUsedUp,

    /// <summary>
    /// The endpoint calls <c>UseServerPush()</c> before <c>UseHttps()</c>, so that it sees ciphertext. Call it after. This is logged once.
    /// </summary>
    BeforeTls,
}
