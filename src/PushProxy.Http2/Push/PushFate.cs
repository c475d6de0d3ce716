namespace PushProxy.Http2;

/// <summary>How a push ended.</summary>
public enum PushFate
{
    /// <summary>The whole response was handed to the transport. Whether the client has read it is unknown.</summary>
    Delivered,

    /// <summary>The client refused it (RST_STREAM with REFUSED_STREAM).</summary>
    Refused,

    /// <summary>
    /// The client reset it with another code, mostly CANCEL: it has the resource, or no longer needs it. Or it made the stream fail, for
    /// instance by a window that overflows (RFC 9113 §6.9.1).
    /// </summary>
    Cancelled,

    /// <summary>
    /// The server did not complete the response: the request failed, the connection ended, or the client needed the stream for a request.
    /// </summary>
    Failed,

    /// <summary>No promise was written, because the request or connection ended first. The client was not told of it.</summary>
    NotPromised,

    /// <summary>
    /// The response had begun, but nothing of it could be sent for <see cref="ServerPushOptions.StallTimeout"/>: mostly, the client opened
    /// no window for it.
    /// </summary>
    Stalled,
}
