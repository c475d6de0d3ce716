using Microsoft.AspNetCore.ResponseCompression;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Encodings;

namespace PushProxy.Cache.Serving;

/// <summary>One content coding for one response, and the count of what it takes off.</summary>
internal sealed class CountedEncoding(IContentEncoder encoder, NamedCounts counts) : ICompressionProvider
{
    public string EncodingName => encoder.Name;

    public bool SupportsFlush => true;

    public Stream CreateStream(Stream outputStream)
    {
        var encoded = new Counted(outputStream, null);
        return new Counted(encoder.Quick(encoded), content => counts.Encoded(content - encoded.Bytes));
    }

    /// <summary>Counts what is written to a stream.</summary>
    /// <param name="inner">The stream.</param>
    /// <param name="ended">Called with the count when the stream has ended, and has ended the inner one; null if that goes on.</param>
    private sealed class Counted(Stream inner, Action<long>? ended) : Stream
    {
        private bool _hasEnded;

        public long Bytes { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            Bytes += buffer.Length;
            inner.Write(buffer);
        }

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Bytes += buffer.Length;
            return inner.WriteAsync(buffer, cancellationToken);
        }

        public override void Flush() => inner.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        // What belongs to the response is not ended here.
        public override async ValueTask DisposeAsync()
        {
            if (ended is not null)
            {
                await inner.DisposeAsync().ConfigureAwait(false);
                End();
            }

            await base.DisposeAsync().ConfigureAwait(false);
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing && ended is not null && !_hasEnded)
            {
                inner.Dispose();
                End();
            }

            base.Dispose(disposing);
        }

        private void End()
        {
            if (!_hasEnded)
            {
                _hasEnded = true;
                ended!(Bytes);
            }
        }
    }
}
