namespace PushProxy.Cache.Flights;

/// <summary>The response body as what answers the request sees it.</summary>
/// <param name="response">The response.</param>
/// <param name="isOfWriter">Whether the writer of the response writes to it, which holds bytes back until it is flushed.</param>
internal sealed class OriginStream(OriginResponse response, bool isOfWriter = false) : Stream
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

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (!isOfWriter)
        {
            await response.FlushWriterAsync(cancellationToken).ConfigureAwait(false);
        }

        await response.WriteAsync(buffer, cancellationToken).ConfigureAwait(false);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (!isOfWriter)
        {
            await response.FlushWriterAsync(cancellationToken).ConfigureAwait(false);
        }

        await response.FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    public override void Flush() => Wait(FlushAsync);

    public override void Write(byte[] buffer, int offset, int count) =>
        Wait(cancellation => WriteAsync(buffer, offset, count, cancellation));

    public override IAsyncResult BeginWrite(byte[] buffer, int offset, int count, AsyncCallback? callback, object? state) =>
        TaskToAsyncResult.Begin(WriteAsync(buffer, offset, count, CancellationToken.None), callback, state);

    public override void EndWrite(IAsyncResult asyncResult) => TaskToAsyncResult.End(asyncResult);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    // As a server does it: a thread that waits is lost to others, so whoever wants that has to say so.
    private void Wait(Func<CancellationToken, Task> work)
    {
        if (!response.AllowsSynchronousIO)
        {
            throw new InvalidOperationException(
                "Synchronous operations are disallowed. Call WriteAsync or set AllowSynchronousIO to true instead.");
        }

        work(CancellationToken.None).GetAwaiter().GetResult();
    }
}
