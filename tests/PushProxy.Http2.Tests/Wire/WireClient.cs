using System.Buffers;
using System.IO.Pipelines;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>
/// A client that speaks frames. A test reads like a trace of the wire: what is sent, then the lines that come back. Every
/// frame that arrives is held against <see cref="WireRules"/>.
/// </summary>
internal sealed class WireClient(PipeWriter toServer, PipeReader fromServer, MemoryConnection? memory = null) : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private readonly List<WireFrame> _unread = [];
    private bool _broken;
    private bool _leaving;

    /// <summary>Both ends, if they are in this process.</summary>
    public MemoryConnection Connection => memory ?? throw new InvalidOperationException("This client has a socket.");

    public WireRules Rules { get; } = new();

    /// <summary>All that was received, as lines of a trace.</summary>
    public List<string> Trace { get; } = [];

    /// <summary>Sends the preface and the first SETTINGS, and acknowledges the server's.</summary>
    public async Task<WireClient> StartAsync(params (int Id, uint Value)[] settings)
    {
        await WriteAsync(s_preface);
        await SendAsync(WireFrame.Settings(settings));
        return this;
    }

    public async Task SendAsync(params WireFrame[] frames)
    {
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var frame in frames)
        {
            Rules.Sent(frame);
            bytes.Write(frame.ToBytes());
        }

        await WriteAsync(bytes.WrittenMemory);
    }

    /// <summary>Octets as they are, cut wherever the test likes.</summary>
    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await toServer.WriteAsync(bytes);

    /// <summary>The next frame, without the ones that say nothing here: SETTINGS, their ACKs, WINDOW_UPDATE. Null at the end.</summary>
    public async Task<WireFrame?> NextAsync()
    {
        while (await ReadAsync() is { } frame)
        {
            if (frame.Type is not ("SETTINGS" or "WINDOW_UPDATE"))
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>The next frame of any kind; null at the end of the connection.</summary>
    public async Task<WireFrame?> ReadAsync()
    {
        while (_unread.Count == 0)
        {
            if (!await FillAsync())
            {
                return null;
            }
        }

        var frame = _unread[0];
        _unread.RemoveAt(0);
        return frame;
    }

    /// <summary>Reads on until a frame fits, and returns it. What came before is in <see cref="Trace"/>.</summary>
    public async Task<WireFrame> UntilAsync(Func<WireFrame, bool> fits)
    {
        while (await ReadAsync() is { } frame)
        {
            if (fits(frame))
            {
                return frame;
            }
        }

        throw new WireException("The connection ended first: " + string.Join(" | ", Trace));
    }

    /// <summary>Reads on to the first frame of a type.</summary>
    public Task<WireFrame> UntilTypeAsync(string type) => UntilAsync(frame => frame.Type == type);

    public Task<WireFrame> UntilAsync(string line) => UntilAsync(frame => frame.ToString() == line);

    /// <summary>Compares the next frames with lines of a trace, in this order.</summary>
    public async Task ExpectAsync(params string[] lines)
    {
        foreach (var line in lines)
        {
            var frame = await NextAsync();
            WireException.ThrowIf(frame?.ToString() != line, $"Expected {line}, got {frame?.ToString() ?? "the end"}.\n" + string.Join('\n', Trace));
        }
    }

    /// <summary>Reads on to the end of a response.</summary>
    public Task<WireFrame> EndOfAsync(int stream) => UntilAsync(frame => frame.Stream == stream && frame.IsEnd);

    /// <summary>Reads on to the end of these responses, however they are interleaved, and returns their content as text.</summary>
    public async Task<string[]> BodiesAsync(params int[] streams)
    {
        var bodies = streams.ToDictionary(stream => stream, _ => "");
        for (var left = streams.ToHashSet(); left.Count > 0;)
        {
            var frame = await UntilAsync(frame => left.Contains(frame.Stream) && (frame.Type is "DATA" or "HEADERS"));
            bodies[frame.Stream] += frame.Type == "DATA" ? System.Text.Encoding.ASCII.GetString(frame.Payload) : "";
            if (frame.IsEnd)
            {
                left.Remove(frame.Stream);
            }
        }

        return [.. streams.Select(stream => bodies[stream])];
    }

    /// <summary>Forgets what is long past, for tests that run long.</summary>
    public void Forget()
    {
        Trace.Clear();
        Rules.Forget();
    }

    /// <summary>Asks the server to answer a PING: when the answer is here, all before it has been processed.</summary>
    public async Task RoundTripAsync()
    {
        await SendAsync(WireFrame.Ping(42));
        await UntilAsync(frame => frame is { Type: "PING", IsAck: true });
    }

    public async ValueTask DisposeAsync()
    {
        if (_broken)
        {
            // The test has failed already; what matters is to say why.
            memory?.Abort(new Microsoft.AspNetCore.Connections.ConnectionAbortedException());
            return;
        }

        _leaving = true;
        await toServer.CompleteAsync();
        while (memory is not null && await FillAsync())
        {
            _unread.Clear();
        }

        await fromServer.CompleteAsync();
        await (memory?.Over ?? Task.CompletedTask).WaitAsync(Patience);
    }

    private async Task<bool> FillAsync()
    {
        var broken = _broken;
        _broken = true;
        var more = await FillOnceAsync();
        _broken = broken;
        return more;
    }

    private async Task<bool> FillOnceAsync()
    {
        ReadResult read;
        try
        {
            read = await fromServer.ReadAsync().AsTask().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            throw new WireException("Nothing came for long. So far: " + string.Join(" | ", Trace));
        }

        var rest = read.Buffer;
        var header = new byte[9];
        while (rest.Length >= 9)
        {
            rest.Slice(0, 9).CopyTo(header);
            var length = (header[0] << 16) | (header[1] << 8) | header[2];
            if (rest.Length < 9 + length)
            {
                break;
            }

            if (Rules.Received(WireFrame.Read(header, rest.Slice(9, length).ToArray())) is { } frame)
            {
                Trace.Add(frame.ToString());
                _unread.Add(frame);
                if (frame.Type == "SETTINGS" && !frame.IsAck && !_leaving)
                {
                    await SendAsync(WireFrame.SettingsAck);
                }
            }

            rest = rest.Slice(9 + length);
        }

        fromServer.AdvanceTo(rest.Start, rest.End);
        return !read.IsCompleted || _unread.Count > 0;
    }
}
