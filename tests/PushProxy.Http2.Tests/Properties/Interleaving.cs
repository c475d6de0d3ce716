using PushProxy.Http2.Tests.Wire;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Properties;

/// <summary>
/// A client that does whatever a row of bytes says, one after the other, cut into writes and blocks of memory of any size; and
/// then what every server owes it. Reading a sequence from plain bytes lets FsCheck shrink it to what matters.
/// </summary>
internal sealed class Interleaving(WireClient wire, byte[] choices)
{
    private const int EnablePush = 2;
    private const int MaxConcurrentStreams = 3;
    private const int InitialWindowSize = 4;
    private const int MaxFrameSize = 5;
    private readonly Dictionary<int, int> _owed = []; // stream to the length of its content; -1 where that is not known
    private readonly Dictionary<int, int> _got = [];
    private readonly HashSet<int> _ended = [];
    private readonly HashSet<int> _reset = [];
    private readonly Queue<int> _uploads = new();
    private int _at;
    private int _next = 1;
    private int _window = 20_000;
    private bool _ponged;

    private int Choose(int below) => _at < choices.Length ? choices[_at++] % below : 0;

    public async Task RunAsync()
    {
        await wire.StartAsync((InitialWindowSize, (uint)_window), (MaxConcurrentStreams, 100));
        while (_at < choices.Length)
        {
            await StepAsync();
        }

        while (_uploads.TryDequeue(out var stream))
        {
            await SendAsync(Data(stream, 0, end: true));
        }

        await WindowAsync(1_000_000);
        await SendAsync(Window(0, 100_000_000), Ping(7));
        while (_owed.Keys.Any(stream => !_ended.Contains(stream) && !_reset.Contains(stream)) || !_ponged)
        {
            Note(await wire.ReadAsync() ?? throw new WireException("The connection ended: " + string.Join(" | ", wire.Trace)));
        }

        foreach (var (stream, length) in _owed.Where(owed => owed.Value >= 0 && !_reset.Contains(owed.Key)))
        {
            WireException.ThrowIf(_got.GetValueOrDefault(stream) != length, $"{stream} got {_got.GetValueOrDefault(stream)} of {length}.");
        }
    }


    private async Task StepAsync()
    {
        switch (Choose(14))
        {
            case 0 or 1 or 2:
                await PageAsync();
                break;
            case 3:
                var upload = Open(Choose(200));
                _uploads.Enqueue(upload);
                await SendAsync(Request(upload, "POST", $"/s?size={_owed[upload]}&push={Choose(3)}", end: false));
                break;
            case 4 when _uploads.Count > 0:
                await SendAsync(Data(_uploads.Peek(), 1 + Choose(250)));
                break;
            case 5 when _uploads.TryDequeue(out var done):
                await SendAsync(Data(done, 10, end: true));
                break;
            case 6:
                await ResetAsync(Choose(8));
                break;
            case 7:
                await SendAsync(Settings((EnablePush, (uint)Choose(2))));
                break;
            case 8:
                await SendAsync(Settings((MaxConcurrentStreams, (uint)Choose(5) * 3)));
                break;
            case 9:
                await WindowAsync(_window + Choose(200));
                await SendAsync(Settings((MaxFrameSize, (uint)(16_384 + (100 * Choose(100))))));
                break;
            case 10:
                await SendAsync(Window(0, 1 + Choose(250)));
                break;
            case 11:
                await SendAsync([.. Enumerable.Range(0, 1 + Choose(4)).Select(i => Ping(i))]);
                break;
            case 12:
                await SendAsync(Priority(1 + (2 * Choose(40)), 2 * Choose(40)), PriorityUpdate(1 + (2 * Choose(40))));
                break;
            default:
                await LookAsync();
                break;
        }
    }

    private async Task PageAsync()
    {
        var size = Choose(255) * (Choose(10) == 0 ? 300 : 1);
        var stream = Open(size);
        var page = Get(stream, $"/p?size={size}&push={Choose(6)}&hint={Choose(2)}&pushed={Choose(255)}&yield={Choose(2)}&head={Choose(10)}");
        if (Choose(6) == 0)
        {
            // A header block in two frames, with whatever else is going on in between for the server.
            var cut = page.Payload.Length / 2;
            wire.Rules.Sent(page);
            await WriteAsync((page with { Flags = EndStream, Payload = page.Payload[..cut] }).ToBytes());
            await WriteAsync(new WireFrame("CONTINUATION", EndHeaders, stream, page.Payload[cut..]).ToBytes());
            return;
        }

        await SendAsync(page);
    }

    private int Open(int size)
    {
        var stream = _next;
        _next += 2 + (2 * Choose(2));
        _owed[stream] = size;
        return stream;
    }

    // Resets one of the last streams, its own or a promised one.
    private async Task ResetAsync(int which)
    {
        var open = _owed.Keys.Where(stream => !_reset.Contains(stream) && !_uploads.Contains(stream)).OrderDescending().ToList();
        if (which < open.Count)
        {
            _reset.Add(open[which]);
            await SendAsync(Reset(open[which], Choose(2) == 0 ? 8 : 7));
        }
    }

    private async Task WindowAsync(int size)
    {
        _window = size;
        await SendAsync(Settings((InitialWindowSize, (uint)size)));
    }

    private async Task LookAsync()
    {
        await SendAsync(Ping(99));
        while (await wire.ReadAsync() is { } frame)
        {
            Note(frame);
            if (frame is { Type: "PING", IsAck: true } && frame.Payload[7] == 99)
            {
                return;
            }
        }

        throw new WireException("The connection ended: " + string.Join(" | ", wire.Trace));
    }

    private void Note(WireFrame frame)
    {
        WireException.ThrowIf(frame.Type == "GOAWAY", $"{frame} for no reason: " + string.Join(" | ", wire.Trace));
        WireException.ThrowIf(
            frame.Type == "RST_STREAM" && (frame.Stream & 1) == 1 && !_reset.Contains(frame.Stream) && frame.Error != 0, $"{frame} of a request of the client's.");
        switch (frame.Type)
        {
            case "PUSH_PROMISE":
                _owed[frame.Number] = int.Parse(frame[":path"]!.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture);
                break;
            case "DATA":
                _got[frame.Stream] = _got.GetValueOrDefault(frame.Stream) + frame.Payload.Length;
                break;
            case "PING" when frame.IsAck && frame.Payload[7] == 7:
                _ponged = true;
                break;
            case "RST_STREAM" when (frame.Stream & 1) == 0:
                _ended.Add(frame.Stream); // Given up by the server for a request of the client's.
                _owed[frame.Stream] = -1;
                break;
            default:
                break;
        }

        if (frame.IsEnd)
        {
            _ended.Add(frame.Stream);
        }
    }

    private async Task SendAsync(params WireFrame[] frames)
    {
        foreach (var frame in frames)
        {
            wire.Rules.Sent(frame);
            await WriteAsync(frame.ToBytes());
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        // One write, or two cut anywhere.
        var cut = Choose(3) == 0 ? Math.Min(bytes.Length, Choose(40)) : bytes.Length;
        await wire.WriteAsync(bytes[..cut]);
        if (cut < bytes.Length)
        {
            await wire.WriteAsync(bytes[cut..]);
        }
    }
}
