using System.Buffers.Binary;

namespace PushProxy.Http2.Frames;

/// <summary>The nine octets every frame starts with (RFC 9113 §4.1).</summary>
internal readonly record struct FrameHeader(int Length, FrameType Type, byte Flags, int StreamId)
{
    public const int Size = 9;

    /// <summary>Where in the header the stream identifier stands: the four bytes that translation rewrites.</summary>
    public const int StreamIdOffset = 5;

    /// <summary>The largest payload every endpoint must accept (RFC 9113 §4.2). Frames made here are never larger.</summary>
    public const int SafePayload = 16_384;

    public bool Has(byte flag) => (Flags & flag) != 0;

    public static FrameHeader Read(ReadOnlySpan<byte> bytes) => new(
        (bytes[0] << 16) | (bytes[1] << 8) | bytes[2],
        (FrameType)bytes[3],
        bytes[4],
        (int)(BinaryPrimitives.ReadUInt32BigEndian(bytes[StreamIdOffset..]) & 0x7fff_ffff));

    public void Write(Span<byte> bytes)
    {
        bytes[0] = (byte)(Length >> 16);
        bytes[1] = (byte)(Length >> 8);
        bytes[2] = (byte)Length;
        bytes[3] = (byte)Type;
        bytes[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(bytes[StreamIdOffset..], StreamId);
    }
}
