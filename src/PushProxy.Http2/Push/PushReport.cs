namespace PushProxy.Http2;

/// <summary>How a push ended.</summary>
/// <param name="Fate">Delivered, refused, cancelled, failed, stalled, or not promised.</param>
/// <param name="Bytes">Octets of content that were written to the connection; header blocks and frame headers do not count.</param>
/// <param name="ErrorCode">
/// The error code (RFC 9113 §7) with which the client reset the stream, or which it caused there; otherwise 0.
/// </param>
public readonly record struct PushReport(PushFate Fate, long Bytes, int ErrorCode);
