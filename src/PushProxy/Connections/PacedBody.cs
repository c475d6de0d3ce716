using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Connections;

/// <summary>The body of a pushed response: written when its turn comes.</summary>
internal sealed class PacedBody(IHttpResponseBodyFeature inner, PushSchedule schedule, PushOrder order, CancellationToken aborted)
    : Stream, IHttpResponseBodyFeature
{
    /// <summary>The most that is handed over at once, so that another one's turn comes.</summary>
    private const int MaxPiece = 64 * 1024;

    public Stream Stream => this;

    public PipeWriter Writer => inner.Writer;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Bytes of content that have been written.</summary>
    public long Written { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            var bytes = await schedule.NextAsync(order, Math.Min(buffer.Length, MaxPiece), aborted).ConfigureAwait(false);
            try
            {
                await inner.Stream.WriteAsync(buffer[..bytes], cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                schedule.Written(bytes);
            }

            Written += bytes;
            buffer = buffer[bytes..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // Nothing in a proxy writes synchronously, and Kestrel forbids it.
    public override void Write(byte[] buffer, int offset, int count) => inner.Stream.Write(buffer, offset, count);

    public override void Flush() => inner.Stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        inner.SendFileAsync(path, offset, count, cancellationToken);
}
