using System.Buffers.Binary;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>
/// What RFC 9113 lets a server send, checked frame by frame from what the client knows: the independent reader of every test
/// that speaks frames.
/// </summary>
internal sealed class WireRules
{
    private sealed class Stream
    {
        public bool ServerEnded, ServerReset, ClientReset, ClientEnded, Final;
        public long Window;
    }

    private readonly Dictionary<int, Stream> _streams = [];
    private readonly Queue<WireFrame> _unacknowledged = new();
    private readonly Queue<byte[]> _pings = new();
    private readonly HpackReader _hpack = new();
    private WireFrame? _open;
    private readonly List<byte> _block = [];
    private long _window = 65_535;
    private int _initialWindow = 65_535;
    private int _maxFrame = 16_384;
    private bool _pushOff;
    private bool _goingAway;
    private int _lastPromised;
    private int _highest;

    public int Frames { get; private set; }

    public int Promises => _lastPromised / 2;

    /// <summary>Forgets all streams but the last hundred of each side.</summary>
    public void Forget()
    {
        foreach (var stream in _streams.Keys.Where(stream => stream < ((stream & 1) == 1 ? _highest : _lastPromised) - 200).ToList())
        {
            _streams.Remove(stream);
        }
    }

    /// <summary>The client is about to write this.</summary>
    public void Sent(WireFrame frame)
    {
        switch (frame.Type)
        {
            case "SETTINGS" when !frame.IsAck:
                _unacknowledged.Enqueue(frame);
                foreach (var (id, value) in Values(frame))
                {
                    // What widens may be used before the ACK.
                    _maxFrame = id == 5 ? Math.Max(_maxFrame, (int)value) : _maxFrame;
                    if (id == 4 && (int)value > _initialWindow)
                    {
                        Resize((int)value);
                    }
                }

                break;
            case "HEADERS" when (frame.Stream & 1) == 1 && frame.Stream > _highest:
                _highest = frame.Stream;
                _streams[frame.Stream] = new Stream { Window = _initialWindow, ClientEnded = frame.IsEnd };
                break;
            case "HEADERS" or "DATA" when frame.IsEnd && _streams.TryGetValue(frame.Stream, out var ended):
                ended.ClientEnded = true;
                break;
            case "RST_STREAM" when _streams.TryGetValue(frame.Stream, out var reset):
                reset.ClientReset = true;
                break;
            case "WINDOW_UPDATE" when frame.Stream == 0:
                _window += frame.Number;
                break;
            case "WINDOW_UPDATE" when _streams.TryGetValue(frame.Stream, out var stream):
                stream.Window += frame.Number;
                break;
            case "PING" when !frame.IsAck:
                _pings.Enqueue(frame.Payload);
                break;
            default:
                break;
        }
    }

    /// <summary>The client has read this. Returns the frame once it is whole, with its fields; null in the middle of a block.</summary>
    public WireFrame? Received(WireFrame frame)
    {
        Frames++;
        WireException.ThrowIf(frame.Payload.Length > _maxFrame, $"{frame} is larger than {_maxFrame}.");
        WireException.ThrowIf(_open is not null && (frame.Type != "CONTINUATION" || frame.Stream != _open.Stream), $"{frame} between {_open} and its CONTINUATION.");
        WireException.ThrowIf(_open is null && frame.Type == "CONTINUATION", "CONTINUATION of nothing.");
        switch (frame.Type)
        {
            case "HEADERS":
            case "PUSH_PROMISE":
                _block.Clear();
                _block.AddRange(frame.Payload.AsSpan(frame.Type == "PUSH_PROMISE" ? 4 : 0));
                _open = frame;
                return BlockIfWhole(frame);
            case "CONTINUATION":
                _block.AddRange(frame.Payload);
                return BlockIfWhole(frame);
            case "DATA":
                Data(frame);
                break;
            case "RST_STREAM":
                var reset = Known(frame);
                WireException.ThrowIf(reset.ServerReset, $"{frame} a second time.");
                reset.ServerReset = true;
                break;
            case "SETTINGS":
                Settings(frame);
                break;
            case "PING" when frame.IsAck:
                WireException.ThrowIf(_pings.Count == 0, "A PING answered that was not asked.");
                WireException.ThrowIf(!_pings.Dequeue().AsSpan().SequenceEqual(frame.Payload), "The answer to another PING.");
                break;
            case "GOAWAY":
                _goingAway = true;
                WireException.ThrowIf(frame.Error == 0 && frame.Number != int.MaxValue && frame.Number > _highest, $"{frame}, but the client opened only {_highest}.");
                WireException.ThrowIf(frame.Number != int.MaxValue && frame.Number != 0 && (frame.Number & 1) == 0, $"{frame} names a stream of the server's.");
                break;
            case "WINDOW_UPDATE" when frame.Stream != 0:
                WireException.ThrowIf((frame.Stream & 1) == 0, $"{frame} on a promised stream.");
                WireException.ThrowIf(Known(frame).ServerReset, $"{frame} after RST_STREAM.");
                break;
            default:
                break;
        }

        return frame;
    }

    private WireFrame? BlockIfWhole(WireFrame frame)
    {
        if ((frame.Flags & WireFrame.EndHeaders) == 0)
        {
            return null;
        }

        var whole = _open! with { Fields = _hpack.Read(_block.ToArray()) };
        _open = null;
        if (whole.Type == "PUSH_PROMISE")
        {
            Promise(whole);
        }
        else
        {
            Headers(whole);
        }

        return whole;
    }

    private void Promise(WireFrame frame)
    {
        WireException.ThrowIf(
            _pushOff && !_unacknowledged.Any(settings => Values(settings).Contains((2, 1u))), $"{frame} though push is off.");
        WireException.ThrowIf(_goingAway, $"{frame} after GOAWAY.");
        WireException.ThrowIf((frame.Stream & 1) == 0, $"{frame} on a pushed stream.");
        var parent = Known(frame);
        WireException.ThrowIf(parent.ServerEnded || parent.ServerReset, $"{frame} on a stream that has ended.");
        WireException.ThrowIf((frame.Number & 1) == 1 || frame.Number <= _lastPromised, $"{frame} after {_lastPromised}.");
        WireException.ThrowIf(frame[":method"] is not ("GET" or "HEAD"), $"{frame} is not safe.");
        WireException.ThrowIf(frame[":scheme"] is null || frame[":authority"] is null || frame[":path"] is null, $"{frame} lacks a pseudo-field.");
        _lastPromised = frame.Number;
        _streams[frame.Number] = new Stream { Window = _initialWindow, ClientEnded = true };
    }

    private void Headers(WireFrame frame)
    {
        var stream = Known(frame);
        WireException.ThrowIf(stream.ServerEnded || stream.ServerReset, $"{frame} after the end of the stream.");
        var status = frame[":status"];
        if (status is { Length: 3 } && status[0] == '1')
        {
            WireException.ThrowIf(stream.Final, $"{frame} after the final response.");
            WireException.ThrowIf(frame.IsEnd, $"{frame} ends the stream.");
            WireException.ThrowIf((frame.Stream & 1) == 0, $"{frame} on a pushed stream.");
            return;
        }

        WireException.ThrowIf(stream.Final == status is not null, $"{frame}: a second final response, or trailers first.");
        WireException.ThrowIf(status is null && !frame.IsEnd, "Trailers without END_STREAM.");
        stream.Final = true;
        stream.ServerEnded = frame.IsEnd;
    }

    private void Data(WireFrame frame)
    {
        var stream = Known(frame);
        WireException.ThrowIf(stream.ServerEnded || stream.ServerReset || !stream.Final, $"{frame} outside of a response.");
        _window -= frame.Payload.Length;
        stream.Window -= frame.Payload.Length;
        WireException.ThrowIf(_window < 0, $"{frame} exceeds the window of the connection by {-_window}.");
        WireException.ThrowIf(stream.Window < 0 && frame.Payload.Length > 0, $"{frame} exceeds the window of the stream by {-stream.Window}.");
        stream.ServerEnded = frame.IsEnd;
    }

    private void Settings(WireFrame frame)
    {
        if (!frame.IsAck)
        {
            WireException.ThrowIf(Values(frame).Any(v => v.Id == 2 && v.Value == 1), "A server with ENABLE_PUSH=1.");
            return;
        }

        WireException.ThrowIf(_unacknowledged.Count == 0, "An ACK of no SETTINGS.");
        foreach (var (id, value) in Values(_unacknowledged.Dequeue()))
        {
            switch (id)
            {
                case 1:
                    _hpack.Allow(value);
                    break;
                case 2:
                    _pushOff = value == 0;
                    break;
                case 4:
                    Resize((int)value);
                    break;
                case 5:
                    _maxFrame = (int)value;
                    break;
                default:
                    break;
            }
        }
    }

    private void Resize(int window)
    {
        foreach (var stream in _streams.Values)
        {
            stream.Window += window - _initialWindow;
        }

        _initialWindow = window;
    }

    private Stream Known(WireFrame frame)
    {
        WireException.ThrowIf(!_streams.TryGetValue(frame.Stream, out var stream), $"{frame} on a stream that nobody opened.");
        return stream;
    }

    private static IEnumerable<(int Id, uint Value)> Values(WireFrame frame)
    {
        for (var i = 0; i + 6 <= frame.Payload.Length; i += 6)
        {
            yield return (BinaryPrimitives.ReadInt16BigEndian(frame.Payload.AsSpan(i)), BinaryPrimitives.ReadUInt32BigEndian(frame.Payload.AsSpan(i + 2)));
        }
    }
}
