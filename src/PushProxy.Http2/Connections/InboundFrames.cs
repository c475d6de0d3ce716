using System.Buffers;
using System.Buffers.Binary;
using PushProxy.Http2.Frames;

namespace PushProxy.Http2.Connections;

/// <summary>Finds the whole frames in what the client has sent so far, and translates them where they lie.</summary>
internal sealed class InboundFrames(ConnectionState state)
{
    private readonly ClientFrames _frames = new(state);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>How many octets from the start of the buffer Kestrel may see: 0 if more have to come, or something of ours goes first.</summary>
    public long Translate(in ReadOnlySequence<byte> buffer)
    {
        long done = 0;
        if (state.Phase == ConnectionPhase.Preface && !TryPreface(buffer, out done))
        {
            return 0;
        }

        if (state.Phase != ConnectionPhase.Frames)
        {
            return buffer.Length;
        }

        Span<byte> copy = stackalloc byte[FrameHeader.Size];
        var rest = buffer.Slice(done);
        while (true)
        {
            var length = rest.Length;
            if (length < FrameHeader.Size || (state.HasWorkForKestrel && !state.ClientInHeaderBlock))
            {
                return done;
            }

            var header = ReadHeader(rest, copy);
            if (header.Length > state.Server.MaxFrameSize)
            {
                // RFC 9113 §4.2: a frame too large is an error at its header. Waiting for the rest would only cost memory.
                state.Phase = ConnectionPhase.PassThrough;
                return buffer.Length;
            }

            var whole = FrameHeader.Size + header.Length;
            if (length < whole || _frames.MakesRoomFirst(header))
            {
                return done;
            }

            var streamId = _frames.Translate(header, rest.Slice(FrameHeader.Size, header.Length));
            if (streamId != header.StreamId)
            {
                BinaryPrimitives.WriteInt32BigEndian(copy, streamId);
                InPlace.Write(rest, FrameHeader.StreamIdOffset, copy[..4]);
            }

            rest = rest.Slice(whole);
            done += whole;
        }
    }

    private static FrameHeader ReadHeader(in ReadOnlySequence<byte> rest, Span<byte> copy)
    {
        if (rest.FirstSpan.Length >= FrameHeader.Size)
        {
            return FrameHeader.Read(rest.FirstSpan);
        }

        rest.Slice(0, FrameHeader.Size).CopyTo(copy);
        return FrameHeader.Read(copy);
    }

    // RFC 9113 §3.4. Anything else is for Kestrel to answer, as it came.
    private bool TryPreface(in ReadOnlySequence<byte> buffer, out long done)
    {
        done = 0;
        Span<byte> start = stackalloc byte[Preface.Length];
        var length = (int)Math.Min(buffer.Length, Preface.Length);
        buffer.Slice(0, length).CopyTo(start);
        if (!Preface.StartsWith(start[..length]))
        {
            state.Phase = ConnectionPhase.PassThrough;
            return true;
        }

        if (length < Preface.Length)
        {
            return false;
        }

        state.Phase = ConnectionPhase.Frames;
        done = length;
        return true;
    }
}
