using System.Buffers;
using System.Buffers.Binary;
using PushProxy.Http2.Frames;

namespace PushProxy.Http2.Connections;

/// <summary>Finds the whole frames in what the client has sent so far, and translates them where they lie.</summary>
internal sealed class InboundFrames(ConnectionState state)
{
    private readonly ClientFrames _frames = new(state);

    private static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>
    /// How many octets from the start of the buffer Kestrel may see. 0: more have to arrive, or something of ours goes first.
    /// </summary>
    public long Translate(in ReadOnlySequence<byte> buffer)
    {
        long done = 0;
        if (state.Phase == ConnectionPhase.Preface && !TryPreface(buffer, out done))
        {
            return 0;
        }

        if (state.Phase != ConnectionPhase.Frames || state.ClientBroken)
        {
            return buffer.Length;
        }

        var length = buffer.Length;
        while (length - done >= FrameHeader.Size && (!state.HasWorkForKestrel || state.ClientInHeaderBlock))
        {
            var header = ReadHeader(buffer, done);
            if (header.Length > state.Server.MaxFrameSize)
            {
                // RFC 9113 §4.2: a frame too large is an error at its header. Waiting for the rest would only cost memory.
                state.ClientBroken = state.GoingAway = true;
                return length;
            }

            var whole = FrameHeader.Size + header.Length;
            if (length - done < whole || _frames.MakesRoomFirst(header))
            {
                break;
            }

            var streamId = _frames.Translate(header, buffer, done);
            if (streamId != header.StreamId)
            {
                WriteStreamId(buffer, done, streamId);
            }

            done += whole;
        }

        return done;
    }

    private static FrameHeader ReadHeader(in ReadOnlySequence<byte> buffer, long at)
    {
        if (buffer.FirstSpan.Length >= at + FrameHeader.Size)
        {
            return FrameHeader.Read(buffer.FirstSpan[(int)at..]);
        }

        Span<byte> copy = stackalloc byte[FrameHeader.Size];
        buffer.Slice(at, FrameHeader.Size).CopyTo(copy);
        return FrameHeader.Read(copy);
    }

    private static void WriteStreamId(in ReadOnlySequence<byte> buffer, long at, int streamId)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, streamId);
        InPlace.Write(buffer, at + FrameHeader.StreamIdOffset, bytes);
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
