using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Forwarding;

namespace PushProxy.Server.AccessLog;

/// <summary>A response body whose bytes are counted. All of them pass at once and unchanged, by the stream or by the writer.</summary>
internal sealed class CountedResponse(IHttpResponseBodyFeature inner, ByteCount count) : WriteOnlyStream, IHttpResponseBodyFeature
{
    private CountedWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer => _writer ??= new CountedWriter(inner.Writer, count);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        count.Add(buffer.Length);
        return inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int length)
    {
        count.Add(length);
        inner.Stream.Write(buffer, offset, length);
    }

    public override void Flush() => inner.Stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    // By way of this stream.
    public Task SendFileAsync(string path, long offset, long? length, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(this, path, offset, length, cancellationToken);

    private sealed class CountedWriter(PipeWriter inner, ByteCount count) : PipeWriter
    {
        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            count.Add(bytes);
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            count.Add(source.Length);
            return inner.WriteAsync(source, cancellationToken);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            inner.FlushAsync(cancellationToken);

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
