using System.Buffers;
using System.Buffers.Binary;

namespace PushProxy.Http2.Frames;

/// <summary>Writes the few frames the translator makes itself.</summary>
internal static class FrameWriter
{
    /// <summary>HEADERS on <paramref name="streamId"/>, with CONTINUATION if the block is too large for one frame.</summary>
    public static void WriteHeaders(
        IBufferWriter<byte> to, int streamId, bool endStream, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> block)
        => WriteBlock(to, FrameType.Headers, endStream ? FrameFlags.EndStream : (byte)0, streamId, promised: 0, prefix, block);

    /// <summary>PUSH_PROMISE of <paramref name="promised"/> on <paramref name="parent"/> (RFC 9113 §6.6).</summary>
    public static void WritePushPromise(
        IBufferWriter<byte> to, int parent, int promised, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> block)
        => WriteBlock(to, FrameType.PushPromise, 0, parent, promised, prefix, block);

    public static void WriteRstStream(IBufferWriter<byte> to, int streamId, Http2Error error)
        => WriteFourOctets(to, FrameType.RstStream, streamId, (int)error);

    public static void WriteWindowUpdate(IBufferWriter<byte> to, int streamId, int increment)
        => WriteFourOctets(to, FrameType.WindowUpdate, streamId, increment);

    /// <summary>A PING that asks for an answer; its eight octets have no meaning.</summary>
    public static void WritePing(IBufferWriter<byte> to)
    {
        var span = to.GetSpan(FrameHeader.Size + 8)[..(FrameHeader.Size + 8)];
        new FrameHeader(8, FrameType.Ping, 0, 0).Write(span);
        span[FrameHeader.Size..].Clear();
        to.Advance(span.Length);
    }

    private static void WriteFourOctets(IBufferWriter<byte> to, FrameType type, int streamId, int value)
    {
        var span = to.GetSpan(FrameHeader.Size + 4);
        new FrameHeader(4, type, 0, streamId).Write(span);
        BinaryPrimitives.WriteInt32BigEndian(span[FrameHeader.Size..], value);
        to.Advance(FrameHeader.Size + 4);
    }

    // RFC 9113 §6.10: "Any number of CONTINUATION frames can be sent, as long as the preceding frame is on the same
    // stream and is a HEADERS, PUSH_PROMISE, or CONTINUATION frame without the END_HEADERS flag set."
    private static void WriteBlock(
        IBufferWriter<byte> to, FrameType type, byte flags, int streamId, int promised, ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> block)
    {
        var fixedPart = type == FrameType.PushPromise ? 4 : 0;
        var inFirst = Math.Min(block.Length, FrameHeader.SafePayload - fixedPart - prefix.Length);
        var rest = block[inFirst..];
        var length = fixedPart + prefix.Length + inFirst;
        var span = to.GetSpan(FrameHeader.Size + fixedPart);
        new FrameHeader(length, type, (byte)(flags | EndHeadersIf(rest.IsEmpty)), streamId).Write(span);
        if (fixedPart != 0)
        {
            BinaryPrimitives.WriteInt32BigEndian(span[FrameHeader.Size..], promised);
        }

        to.Advance(FrameHeader.Size + fixedPart);
        to.Write(prefix);
        to.Write(block[..inFirst]);
        while (!rest.IsEmpty)
        {
            var take = Math.Min(rest.Length, FrameHeader.SafePayload);
            new FrameHeader(take, FrameType.Continuation, EndHeadersIf(take == rest.Length), streamId).Write(to.GetSpan(FrameHeader.Size));
            to.Advance(FrameHeader.Size);
            to.Write(rest[..take]);
            rest = rest[take..];
        }
    }

    private static byte EndHeadersIf(bool last) => last ? FrameFlags.EndHeaders : (byte)0;
}
