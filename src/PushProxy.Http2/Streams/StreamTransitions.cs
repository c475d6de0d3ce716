namespace PushProxy.Http2.Streams;

/// <summary>The arrows of RFC 9113 §5.1, figure 2.</summary>
internal static class StreamTransitions
{
    public static StreamState On(this StreamState state, StreamEvent what) => (state, what) switch
    {
        (_, StreamEvent.Reset) => StreamState.Closed,
        (StreamState.Open, StreamEvent.ClientEnd) => StreamState.HalfClosedRemote,
        (StreamState.HalfClosedLocal, StreamEvent.ClientEnd) => StreamState.Closed,
        (StreamState.Open, StreamEvent.ServerEnd) => StreamState.HalfClosedLocal,
        (StreamState.HalfClosedRemote, StreamEvent.ServerEnd) => StreamState.Closed,
        (StreamState.ReservedLocal, StreamEvent.ServerHeaders) => StreamState.HalfClosedRemote,
        (StreamState.ReservedLocal, StreamEvent.ServerEnd) => StreamState.Closed,
        // What is left is either nothing new, or an error that Kestrel finds and answers.
        _ => state,
    };

    /// <summary>RFC 9113 §8.4.1: promises go out on a stream that is "open" or "half-closed (remote)" only.</summary>
    public static bool CanCarryPromise(this StreamState state) => state is StreamState.Open or StreamState.HalfClosedRemote;
}
