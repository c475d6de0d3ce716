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
            if (state.Streams[i].LivePush is null || state.Streams.KestrelId(i) == 0)
            {
                continue;
            }

            Of(state, i, PushFate.Failed);
            return;
        }
    }

    /// <summary>Ends a push that Kestrel is serving. Indexes of streams are invalid afterwards.</summary>
    public static void Of(ConnectionState state, int index, PushFate fate)
    {
        var (promised, push) = (state.Streams.ClientId(index), state.Streams[index].LivePush!);
        state.Aborts.Enqueue(state.Streams.KestrelId(index));
        state.PushEnded(servedByKestrel: true);
        state.Cancellations.Cancelled();
        push.End(fate);
        state.Streams.Apply(index, StreamEvent.Reset, remember: true);
        state.Enqueue(new OutgoingWithdrawal(promised));
    }
}
