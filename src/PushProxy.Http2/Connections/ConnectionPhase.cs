namespace PushProxy.Http2.Connections;

/// <summary>How far a connection has come.</summary>
internal enum ConnectionPhase : byte
{
    /// <summary>The client's preface (RFC 9113 §3.4) has not been read to its end.</summary>
    Preface,

    /// <summary>Frames in both directions.</summary>
    Frames,

    /// <summary>Not HTTP/2: every octet passes as it is, and Kestrel says what is wrong.</summary>
    PassThrough,

    /// <summary>Over. Nothing is promised and nothing waits any more.</summary>
    Closed,
}
