using System.Buffers;
using PushProxy.Http2.Frames;
using PushProxy.Http2.Streams;

namespace PushProxy.Http2.Connections;

/// <summary>Writes frames that Kestrel is to take for the client's.</summary>
internal sealed class IncomingWriter(ConnectionState state)
{
    public void WriteAll(IBufferWriter<byte> to)
    {
        // Room first: an abort counts as soon as Kestrel has read it.
        while (state.Aborts.TryDequeue(out var kestrelId))
        {
            FrameWriter.WriteRstStream(to, kestrelId, Http2Error.Cancel);
        }

        if (state.WindowToReturn > 0)
        {
            FrameWriter.WriteWindowUpdate(to, 0, state.WindowToReturn);
            state.WindowToReturn = 0;
        }

        while (state.ToKestrel.TryDequeue(out var push))
        {
            Request(to, push);
        }

        // Kestrel may have nothing to write for long. An answer to a PING it writes at once, and what waits goes before it.
        if (state.ToClient.Count > 0 && !state.Pings.OursIsUnderWay)
        {
            FrameWriter.WritePing(to);
            state.Pings.WeAsked();
        }
    }

    private void Request(IBufferWriter<byte> to, ServerPush push)
    {
        var index = state.Streams.FindClient(push.StreamId);
        if (index < 0 || state.Streams[index].State == StreamState.Closed)
        {
            return;
        }

        state.HighestKestrelId += 2;
        state.Streams.SetKestrelId(index, state.HighestKestrelId);
        state.PushesInKestrel++;
        FrameWriter.WriteHeaders(to, state.HighestKestrelId, endStream: true, [], push.Block);
        push.Block = [];
    }
}
