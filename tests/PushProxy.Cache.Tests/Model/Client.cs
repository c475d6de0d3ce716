using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Tests.Model;

/// <summary>
/// A client and its connection, without a network: what a server does with a response (runs what waits for its start, counts bytes against
/// the stated length, tells of a client that has gone), and a client that may read slowly.
/// </summary>
internal class Client : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature, IDisposable
{
    private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
    private readonly CancellationTokenSource _gone = new();
    private readonly TaskCompletionSource _reads = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly MemoryStream _body = new();
    private readonly ClientStream _stream;
    private readonly TimeProvider _time;
    private PipeWriter? _writer;
    private DateTimeOffset? _decided;

    public Client(Asked request, TimeProvider time, bool readsAtOnce)
    {
        (Request, _time, _stream) = (request, time, new ClientStream(this));
        if (readsAtOnce)
        {
            Read();
        }
    }

    public Asked Request { get; }

    public Task Done { get; set; } = Task.CompletedTask;

    /// <summary>Called when the head of the response leaves.</summary>
    public Action? Starts { get; set; }

    /// <summary>Whether a server would have broken the connection off, or the client has.</summary>
    public bool IsBroken { get; private set; }

    public bool HasLeft { get; private set; }

    /// <summary>Whether it holds the response up because it does not read.</summary>
    public bool IsHolding { get; private set; }

    public DateTimeOffset? Began { get; private set; }

    public ReadOnlySpan<byte> Received => _body.GetBuffer().AsSpan(0, (int)_body.Length);

    public int StatusCode
    {
        get;
        set => (field, _decided) = (value, _time.GetUtcNow());
    } = 200;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    Stream IHttpResponseFeature.Body
    {
        get => _stream;
        set => throw new NotSupportedException();
    }

    public bool HasStarted => Began is not null;

    public CancellationToken RequestAborted
    {
        get => _gone.Token;
        set => throw new NotSupportedException();
    }

    public Stream Stream => _stream;

    public PipeWriter Writer => _writer ??= PipeWriter.Create(_stream, new StreamPipeWriterOptions(leaveOpen: true));

    private bool HasNoBody => HttpMethods.IsHead(Request.Method) || StatusCode is 204 or 304;

    public void Read() => _reads.TrySetResult();

    /// <summary>The client goes away.</summary>
    public void Leave()
    {
        HasLeft = true;
        Abort();
    }

    public void Abort()
    {
        IsBroken = true;
        _reads.TrySetResult();
        _gone.Cancel();
    }

    public void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

    public void OnCompleted(Func<object, Task> callback, object state)
    {
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (HasStarted)
        {
            return;
        }

        while (_starting.TryPop(out var next))
        {
            await next.Callback(next.State);
        }

        Starts?.Invoke();

        // A head is decided on before its first byte is sent, and the clock may move between.
        Began = _decided ?? _time.GetUtcNow();
    }

    public Task CompleteAsync() => _writer?.FlushAsync().AsTask() ?? Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    /// <summary>What a server does when all is done.</summary>
    public async Task EndAsync(Task pipeline)
    {
        try
        {
            await pipeline;
            await CompleteAsync();
            await StartAsync();
            IsBroken |= !HasNoBody && Headers.ContentLength is { } length && length != _body.Length;
        }
        catch (Exception) when (!HasStarted && !IsBroken)
        {
            // A server's own answer.
            Headers.Clear();
            StatusCode = 500;
            Began = _time.GetUtcNow();
        }
        catch (Exception)
        {
            IsBroken = true;
        }
    }

    public void Dispose() => _gone.Dispose();

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        await StartAsync(cancellation);
        if (bytes.IsEmpty || HttpMethods.IsHead(Request.Method))
        {
            return;
        }

        if (HasNoBody || Headers.ContentLength < _body.Length + bytes.Length)
        {
            throw new InvalidOperationException("There is no room for this in the response.");
        }

        IsHolding = !_reads.Task.IsCompleted;
        await _reads.Task;
        IsHolding = false;
        if (!IsBroken)
        {
            _body.Write(bytes.Span);
        }
    }

    private sealed class ClientStream(Client client) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            client.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            client.WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task FlushAsync(CancellationToken cancellationToken) => client.StartAsync(cancellationToken);

        public override void Flush() => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>A client over HTTP/2, whose stream can be reset.</summary>
internal sealed class StreamClient(Asked request, TimeProvider time, bool readsAtOnce)
    : Client(request, time, readsAtOnce), IHttpResetFeature
{
    public void Reset(int errorCode) => Abort();
}
