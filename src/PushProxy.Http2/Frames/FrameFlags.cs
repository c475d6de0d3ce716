namespace PushProxy.Http2.Frames;

/// <summary>Flags of RFC 9113 §6. <see cref="EndStream"/> and <see cref="Ack"/> are the same bit on different types of frames.</summary>
internal static class FrameFlags
{
    public const byte EndStream = 0x1;
    public const byte Ack = 0x1;
    public const byte EndHeaders = 0x4;
    public const byte Padded = 0x8;
    public const byte Priority = 0x20;
}
