namespace PushProxy.Http2.Connections;

/// <summary>The phases of a connection.</summary>
internal enum ConnectionPhase : byte
{
    /// <summary>The client's preface (RFC 9113 §3.4) has not been read to its end.</summary>
    Preface,

    /// <summary>Frames in both directions.</summary>
    Frames,

    /// <summary>Not HTTP/2: every octet passes unchanged, and Kestrel finds the error.</summary>
    PassThrough,

    /// <summary>The connection has ended. Nothing is promised and nothing waits any more.</summary>
    Closed,
}
