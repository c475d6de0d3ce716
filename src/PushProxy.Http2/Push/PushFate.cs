namespace PushProxy.Http2;

/// <summary>What became of a push in the end.</summary>
public enum PushFate
{
    /// <summary>The whole response was handed to the transport. That the client has read it cannot be known.</summary>
    Delivered,

    /// <summary>The client refused it (RST_STREAM with REFUSED_STREAM).</summary>
    Refused,

    /// <summary>The client reset it with another code, mostly CANCEL: it has the resource, or has no more use for it.</summary>
    Cancelled,

    /// <summary>The server did not finish: the request failed, the connection died, or the stream was needed for a request of the client's.</summary>
    Failed,

    /// <summary>No promise was written, because what allowed it ended first. The client knows of nothing.</summary>
    NotPromised,
}
