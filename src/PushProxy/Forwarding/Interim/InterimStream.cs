using System.Runtime.CompilerServices;

namespace PushProxy.Forwarding.Interim;

/// <summary>
/// A connection to an origin, over HTTP/1.1. It passes all bytes on unchanged, and reads the interim responses among them. The client
/// library writes a request in the flow of who sends it, and sends the next one on a connection only when the response has ended. So what
/// is read after a write is the answer to that request.
/// </summary>
/// <param name="inner">The connection, without TLS.</param>
internal sealed class InterimStream(Stream inner) : Stream
{
    private OriginHints? _request;
    private InterimReader? _reader;

    public override bool CanRead => inner.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => inner.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        NoteRequest();
        return inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        NoteRequest();
        inner.Write(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var reading = inner.ReadAsync(buffer, cancellationToken);
        if (!reading.IsCompletedSuccessfully)
        {
            return LookAsync(reading, buffer);
        }

        var count = reading.Result;
        Look(buffer.Span[..count]);
        return new ValueTask<int>(count);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        Look(buffer[..count]);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    // Also if nothing is to be looked at yet: a read may begin before the request whose answer it gets.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<int> LookAsync(ValueTask<int> reading, Memory<byte> buffer)
    {
        var count = await reading.ConfigureAwait(false);
        Look(buffer.Span[..count]);
        return count;
    }

    // Before the first byte of a request leaves, so that its answer cannot come earlier.
    private void NoteRequest()
    {
        var request = OriginHints.Current;
        if (!ReferenceEquals(request, _request))
        {
            _request = request;
            Volatile.Write(ref _reader, request is null ? null : new InterimReader(request));
        }
    }

    private void Look(ReadOnlySpan<byte> bytes)
    {
        if (!bytes.IsEmpty && Volatile.Read(ref _reader) is { } reader && !reader.Read(bytes))
        {
            Interlocked.CompareExchange(ref _reader, null, reader);
        }
    }
}
