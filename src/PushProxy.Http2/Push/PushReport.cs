namespace PushProxy.Http2;

/// <summary>The end of a push.</summary>
/// <param name="Fate">What became of it.</param>
/// <param name="Bytes">Octets of content that left for the client; header blocks and framing are not counted.</param>
/// <param name="ErrorCode">The client's code (RFC 9113 §7) if it reset the stream, otherwise 0.</param>
public readonly record struct PushReport(PushFate Fate, long Bytes, int ErrorCode);
