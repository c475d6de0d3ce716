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

    public override void Flush() => throw new InvalidOperationException("Synchronous operations are not allowed.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new InvalidOperationException("Synchronous operations are not allowed.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
