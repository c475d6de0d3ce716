using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;

namespace PushProxy.Http2.Tests.Wire;

/// <summary>
/// Connections without sockets, so that a test decides how the octets are cut: small blocks of memory make Kestrel write, and
/// this library read, in pieces of any size.
/// </summary>
internal sealed class MemoryTransport : IConnectionListenerFactory, IConnectionListener
{
    private readonly Channel<ConnectionContext> _arriving = Channel.CreateUnbounded<ConnectionContext>();
    private int _count;

    public EndPoint EndPoint { get; private set; } = new IPEndPoint(IPAddress.Loopback, 0);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        EndPoint = endpoint;
        return new ValueTask<IConnectionListener>(this);
    }

    /// <summary>The client's end of a new connection.</summary>
    /// <param name="blockSize">Octets of a block of the buffers in between; 0 for the usual 4,096.</param>
    /// <param name="unread">Octets of responses that may wait to be read before the server is made to wait; 0 for no limit.</param>
    public MemoryConnection Connect(int blockSize = 0, int unread = 0)
    {
        var id = Interlocked.Increment(ref _count);
        var pool = blockSize == 0 ? MemoryPool<byte>.Shared : new SmallBlocks(blockSize);
        var toServer = new Pipe(new PipeOptions(pool, minimumSegmentSize: Math.Max(1, blockSize), pauseWriterThreshold: 0, useSynchronizationContext: false));
        var toClient = new Pipe(new PipeOptions(
            pool, minimumSegmentSize: Math.Max(1, blockSize), pauseWriterThreshold: unread, resumeWriterThreshold: Math.Max(1, unread / 2), useSynchronizationContext: false));
        var connection = new MemoryConnection($"memory-{id}", toServer, toClient);
        _arriving.Writer.TryWrite(connection);
        return connection;
    }

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        => await _arriving.Reader.WaitToReadAsync(cancellationToken) && _arriving.Reader.TryRead(out var connection) ? connection : null;

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        _arriving.Writer.TryComplete();
        return default;
    }

    public ValueTask DisposeAsync() => UnbindAsync();

    private sealed class SmallBlocks(int size) : MemoryPool<byte>
    {
        public override int MaxBufferSize => 1 << 20;

        public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Block(Math.Max(size, minBufferSize));

        protected override void Dispose(bool disposing)
        {
        }

        private sealed class Block(int size) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory { get; } = new byte[size];

            public void Dispose()
            {
            }
        }
    }
}

/// <summary>One connection, seen from both ends.</summary>
internal sealed class MemoryConnection : DefaultConnectionContext
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _closed = new();
    private readonly Pipe _toServer;
    private readonly Pipe _toClient;

    public MemoryConnection(string id, Pipe toServer, Pipe toClient)
        : base(id)
    {
        _toServer = toServer;
        _toClient = toClient;
        Transport = new Duplex(toServer.Reader, toClient.Writer);
        ConnectionClosed = _closed.Token;
        LocalEndPoint = RemoteEndPoint = new IPEndPoint(IPAddress.Loopback, 1);
    }

    /// <summary>The client writes here.</summary>
    public PipeWriter ToServer => _toServer.Writer;

    /// <summary>The client reads here.</summary>
    public PipeReader FromServer => _toClient.Reader;

    /// <summary>Ends when the server has let go of the connection, with all it had for it.</summary>
    public Task Over => _over.Task;

    public override void Abort(ConnectionAbortedException abortReason)
    {
        _closed.Cancel();
        _toServer.Writer.CancelPendingFlush();
        _toClient.Writer.CancelPendingFlush();
        _toServer.Reader.CancelPendingRead();
    }

    /// <summary>The client's end is gone, from one octet to the next.</summary>
    public void Cut()
    {
        _toServer.Writer.Complete(new ConnectionResetException("cut"));
        _toClient.Reader.Complete();
        _closed.Cancel();
    }

    public override async ValueTask DisposeAsync()
    {
        await _toServer.Reader.CompleteAsync();
        await _toClient.Writer.CompleteAsync();
        _over.TrySetResult();
        await base.DisposeAsync();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
