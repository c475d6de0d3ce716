namespace PushProxy.Client.Pacing;

/// <summary>How far a connection's bytes have come.</summary>
/// <param name="Written">All that the program has written to the socket.</param>
/// <param name="Acknowledged">What the client has acknowledged of it.</param>
internal readonly record struct SentBytes(long Written, long Acknowledged);
