using System.Buffers;
using System.IO.Pipelines;
using PushProxy.Http2.Connections;
using PushProxy.Http2.HeaderBlocks;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>A connection between two pipes, driven by hand and in step: nothing runs beside it.</summary>
internal sealed class HandDriven : IDisposable
{
    private static readonly byte[] s_preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray();
    private readonly Pipe _toServer = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));
    private readonly Pipe _toClient = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false, readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline));

    private Task<ReadResult>? _read;

    public HandDriven(bool push, bool preface)
    {
        Connection = new PushConnection(new Duplex(_toServer.Reader, _toClient.Writer), new ServerPushOptions(), new PromiseBlock.Limits(8_192, 96, 8_192), new PushLoad(new NoTimers()), isHttps: false);
        if (!preface)
        {
            return;
        }

        SendFromClient(s_preface, 24);
        WriteFromServer(WireFrame.Settings((3, 100)).ToBytes(), 100);
        if (push)
        {
            SendFromClient(WireFrame.Get(1, "/").ToBytes(), 1_000);
            Push(1);
            Require(ReadAsKestrel(wait: true).Length == 17, "Our PING.");
            WriteFromServer(new WireFrame("PING", WireFrame.Ack, 0, new byte[8]).ToBytes(), 100);
            ReadAsKestrel(); // the promised request
            Require(Connection.State.Translates, "Translation.");
        }
    }

    public PushConnection Connection { get; }

    /// <summary>Asks to push from the request on this stream, and returns what came of it.</summary>
    public PushResult Push(int parent)
    {
        Require(PromisedTarget.TryParse("/x", false, "push.test", out var target), "A target.");
        PromiseBlock.TryEncode(target, "GET", null, Connection.PromiseLimits, out var block);
        return Connection.TryPush(parent, "/x", block);
    }

    /// <summary>What Kestrel sees of these octets.</summary>
    public byte[] SendFromClient(ReadOnlySpan<byte> bytes, int chunk)
    {
        var seen = new List<byte>();
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(chunk, bytes.Length)..])
        {
            _toServer.Writer.Write(bytes[..Math.Min(chunk, bytes.Length)]);
            _toServer.Writer.FlushAsync().GetAwaiter().GetResult();
            seen.AddRange(ReadAsKestrel());
        }

        return [.. seen];
    }

    /// <summary>What the client sees of these octets.</summary>
    public byte[] WriteFromServer(ReadOnlySpan<byte> bytes, int chunk)
    {
        for (; !bytes.IsEmpty; bytes = bytes[Math.Min(chunk, bytes.Length)..])
        {
            Connection.Output.Write(bytes[..Math.Min(chunk, bytes.Length)]);
        }

        Connection.Output.FlushAsync().GetAwaiter().GetResult();
        if (!_toClient.Reader.TryRead(out var read))
        {
            return [];
        }

        var seen = read.Buffer.ToArray();
        _toClient.Reader.AdvanceTo(read.Buffer.End);
        return seen;
    }

    public void Dispose()
    {
        Connection.Close();
        _toServer.Writer.Complete();
        Connection.Input.Complete();
        Connection.Output.Complete();
        _toClient.Reader.Complete();
        Require(Connection.State.PushesInFlight == 0, "Something was left behind.");
    }

    public byte[] ReadAsKestrel(bool wait = false)
    {
        var seen = new List<byte>();
        while (true)
        {
            _read ??= Connection.Input.ReadAsync().AsTask();
            if (!_read.IsCompleted && !(wait && seen.Count == 0 && _read.Wait(WireClient.Patience)))
            {
                return [.. seen];
            }

            var buffer = _read.GetAwaiter().GetResult().Buffer;
            _read = null;
            seen.AddRange(buffer.ToArray());
            Connection.Input.AdvanceTo(buffer.End);
        }
    }

    private sealed class NoTimers : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private static void Require(bool holds, string what) => WireException.ThrowIf(!holds, what);

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
