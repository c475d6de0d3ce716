using System.Buffers;
using PushProxy.Http2.Frames;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>
/// Writes what waits for the client, at a frame boundary. Whether a frame may be sent is decided here, just before it is written:
/// much can have changed since the application asked for it.
/// </summary>
internal sealed class OutgoingWriter(ConnectionState state)
{
    public void WriteAll(IBufferWriter<byte> to)
    {
        while (state.TryDequeue(out var item))
        {
            switch (item)
            {
                case OutgoingPromise promise:
                    Write(to, promise.Push);
                    break;
                case OutgoingInformational informational:
                    informational.Sent.TrySetResult(Write(to, informational));
                    break;
                case OutgoingWithdrawal withdrawal:
                    Write(to, withdrawal.PromisedId);
                    break;
                default:
                    throw new InvalidOperationException($"{item} cannot be written.");
            }
        }
    }

    private void Write(IBufferWriter<byte> to, ServerPush push)
    {
        var parent = state.Streams.FindKestrel(push.Parent);

        // RFC 9113 §8.4.1: "PUSH_PROMISE frames MUST NOT be sent by the client"; by the server only on a stream of the client's
        // that is "open" or "half-closed (remote)". §6.5.2: not "if it receives this parameter set to a value of 0".
        // §6.8: after GOAWAY there are no new streams.
        if (parent < 0 || !state.Streams[parent].State.CanCarryPromise() || !state.Client.EnablePush
            || !state.Client.CanWriteBlock || state.Client.MaxConcurrentStreams == 0 || state.GoingAway
            || state.LastPromisedId >= ConnectionState.LastSpendableId)
        {
            state.PushEnded(servedByKestrel: false);
            push.End(PushFate.NotPromised);
            return;
        }

        if (!state.Translates)
        {
            state.DeadKestrelId = state.HighestKestrelId + 2;
            state.HighestKestrelId = state.DeadKestrelId;
            state.Translates = true;
        }

        // RFC 9113 §5.1.1: even, and greater than all before it.
        push.StreamId = state.LastPromisedId += 2;
        var client = state.Streams.ClientId(parent);
        state.Streams.Add(push.StreamId, 0, new StreamEntry { State = StreamState.ReservedLocal, Push = push });
        FrameWriter.WritePushPromise(to, client, push.StreamId, state.Client.TakeDueSizeUpdate(), push.Block);
        state.ToKestrel.Enqueue(push);
    }

    private InformationalOutcome Write(IBufferWriter<byte> to, OutgoingInformational item)
    {
        var index = state.Streams.FindKestrel(item.KestrelId);
        if (index < 0 || !state.Streams[index].State.CanCarryPromise())
        {
            return InformationalOutcome.StreamEnded;
        }

        // RFC 9110 §15.2: 1xx is "an interim response ... prior to completing the requested action and sending a final response".
        if (state.Streams[index].FinalStarted)
        {
            return InformationalOutcome.TooLate;
        }

        if (!state.Client.CanWriteBlock)
        {
            return InformationalOutcome.LimitReached;
        }

        // RFC 9113 §8.1: "An intermediate response is a HEADERS frame without END_STREAM."
        FrameWriter.WriteHeaders(to, state.Streams.ClientId(index), endStream: false, state.Client.TakeDueSizeUpdate(), item.Block);
        return InformationalOutcome.Sent;
    }

    private void Write(IBufferWriter<byte> to, int promisedId)
    {
        var index = state.Streams.FindClient(promisedId);
        if (index >= 0 && !state.Streams[index].ResetSent)
        {
            state.Streams[index].ResetSent = true;
            FrameWriter.WriteRstStream(to, promisedId, Http2Error.Cancel);
        }
    }
}
