using System.Buffers;
using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using PushProxy.Http2;
using PushProxy.Http2.Connections;
using PushProxy.Http2.Frames;

namespace PushProxy.Bench;

/// <summary>
/// What the layer between transport and Kestrel does to the frames of one request: HEADERS and WINDOW_UPDATE on their way in, HEADERS and
/// four DATA frames of 4 kB on their way out. Before anything was pushed both sides number streams alike; after that, each frame gets
/// another number where it lies. Nothing may be allocated.
/// </summary>
public class FrameTranslationBenchmark
{
    private const int DataLength = 4096;
    private readonly byte[] _in = Frames((FrameType.Headers, FrameFlags.EndHeaders | FrameFlags.EndStream, 40), (FrameType.WindowUpdate, 0, 4));
    private readonly byte[] _headers = Frames((FrameType.Headers, FrameFlags.EndHeaders, 60));
    private readonly byte[] _data = Frames((FrameType.Data, 0, DataLength));
    private readonly byte[] _end = Frames((FrameType.Data, FrameFlags.EndStream, DataLength));
    private ConnectionState _state = null!;
    private InboundFrames _fromClient = null!;
    private ServerFrames _fromKestrel = null!;
    private int _next;

    /// <summary>Whether something was pushed on this connection.</summary>
    [Params(false, true)]
    public bool Translates { get; set; }

    /// <summary>A connection.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _state = new(new ServerPushOptions(), default, new PushLoad(TimeProvider.System)) { Phase = ConnectionPhase.Frames, Translates = Translates, HighestKestrelId = Translates ? 100_001 : 0 };
        _fromClient = new(_state);
        _fromKestrel = new(_state);
        _next = 1;
    }

    /// <summary>The frames of one request, in and out.</summary>
    [Benchmark]
    public int Request()
    {
        var client = _next;
        _next += 2;
        if (_next > ConnectionState.LastSpendableId - 200_000)
        {
            Setup();
        }

        SetStreamId(_in, client);
        SetStreamId(_in.AsSpan(FrameHeader.Size + 40), client);
        if (_fromClient.Translate(new ReadOnlySequence<byte>(_in)) != _in.Length)
        {
            throw new InvalidOperationException("Frames were kept back.");
        }

        var kestrel = FrameHeader.Read(_in).StreamId;
        Write(_headers, kestrel);
        Write(_data, kestrel);
        Write(_data, kestrel);
        Write(_data, kestrel);
        Write(_end, kestrel);
        if (FrameHeader.Read(_end).StreamId != client || _state.ClientRequests != 0)
        {
            throw new InvalidOperationException("The request was not translated back.");
        }

        return kestrel;
    }

    private static byte[] Frames(params ReadOnlySpan<(FrameType Type, int Flags, int Length)> frames)
    {
        var bytes = new List<byte>();
        foreach (var (type, flags, length) in frames)
        {
            bytes.AddRange([(byte)(length >> 16), (byte)(length >> 8), (byte)length, (byte)type, (byte)flags, 0, 0, 0, 0]);
            bytes.AddRange(new byte[length]);
        }

        return [.. bytes];
    }

    private static void SetStreamId(Span<byte> frame, int id) => BinaryPrimitives.WriteInt32BigEndian(frame[FrameHeader.StreamIdOffset..], id);

    private void Write(byte[] frame, int kestrel)
    {
        SetStreamId(frame, kestrel);
        var header = FrameHeader.Read(frame);
        if (!_fromKestrel.IsPlain(header) && !_fromKestrel.Forward(header, frame))
        {
            throw new InvalidOperationException("A frame was kept from the client.");
        }
    }
}
