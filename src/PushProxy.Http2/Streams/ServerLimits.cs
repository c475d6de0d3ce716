using System.Buffers.Binary;
using PushProxy.Http2.Frames;

namespace PushProxy.Http2.Streams;

/// <summary>What Kestrel's own SETTINGS say it accepts.</summary>
internal sealed class ServerLimits
{
    /// <summary>Requests Kestrel serves at a time on this connection; pushed ones count. 0 until its SETTINGS have been written.</summary>
    public uint MaxConcurrentStreams { get; private set; }

    /// <summary>The largest payload Kestrel reads.</summary>
    public int MaxFrameSize { get; private set; } = FrameHeader.SafePayload;

    public void Announced(ReadOnlySpan<byte> payload)
    {
        MaxConcurrentStreams = int.MaxValue;
        for (; payload.Length >= 6; payload = payload[6..])
        {
            var value = BinaryPrimitives.ReadUInt32BigEndian(payload[2..]);
            switch ((SettingId)BinaryPrimitives.ReadUInt16BigEndian(payload))
            {
                case SettingId.MaxConcurrentStreams:
                    MaxConcurrentStreams = value;
                    break;
                case SettingId.MaxFrameSize:
                    MaxFrameSize = (int)value;
                    break;
                default:
                    break;
            }
        }
    }
}
