using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>Ends a promised push before it is complete.</summary>
internal static class Withdrawal
{
    /// <summary>Ends the push promised last: it has brought the client the least so far.</summary>
    public static void OfNewest(ConnectionState state)
    {
        for (var i = state.Streams.Count - 1; i >= 0; i--)
        {
            ref var entry = ref state.Streams[i];
            if (entry.LivePush is not { } push || state.Streams.KestrelId(i) == 0)
            {
                continue;
            }

            var promised = state.Streams.ClientId(i);
            state.Aborts.Enqueue(state.Streams.KestrelId(i));
            state.PushEnded(servedByKestrel: true);
            push.End(PushFate.Failed);
            state.Streams.Apply(i, StreamEvent.Reset, remember: true);
            state.Enqueue(new OutgoingWithdrawal(promised));
            return;
        }
    }
}
