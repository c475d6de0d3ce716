using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Diagnostics;
using PushProxy.Learning;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>
/// A response body on its way to the client. Every write goes through at once and unchanged; the first is looked at before
/// it leaves when the page is not known yet, and a bounded copy is kept for learning.
/// </summary>
internal sealed class ObservedBody(
    IHttpResponseBodyFeature inner, PageObserver observer, PageDescription page, PageKnowledge knowledge, PageDelivery delivery, PageCopy? copy)
    : Stream, IHttpResponseBodyFeature
{
    private PageCopy? _copy = copy;
    private bool _scanned;

    public Stream Stream => this;

    /// <summary>Nothing in a proxy writes here; if something does, its bytes are not seen and nothing is learned.</summary>
    public PipeWriter Writer
    {
        get
        {
            Abandon(SkipReason.Failed);
            return inner.Writer;
        }
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Observe(buffer);
        return inner.Stream.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Observe(buffer.AsMemory(offset, count));
        return inner.Stream.WriteAsync(buffer, offset, count, cancellationToken);
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Observe(buffer.AsMemory(offset, count));
        inner.Stream.Write(buffer, offset, count);
    }

    public override void Flush() => inner.Stream.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.Stream.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public void DisableBuffering() => inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default) => inner.StartAsync(cancellationToken);

    public Task CompleteAsync() => inner.CompleteAsync();

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default)
    {
        Abandon(SkipReason.Failed);
        return inner.SendFileAsync(path, offset, count, cancellationToken);
    }

    /// <summary>The response has ended.</summary>
    /// <param name="whole">Whether all of it passed; what broke off says nothing of the page.</param>
    public void Completed(bool whole)
    {
        if (!whole)
        {
            Abandon(SkipReason.BrokenBody);
        }
        else
        {
            Finish();
        }
    }

    private void Observe(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return;
        }

        if (!_scanned && !delivery.Done)
        {
            _scanned = true;
            observer.ScanHead(bytes, page, delivery);
        }

        if (_copy is not null)
        {
            Copy(bytes.Span);
        }
    }

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_copy!.Append(bytes))
            {
                Abandon(SkipReason.Busy);
            }
            else if (_copy.Truncated)
            {
                // A page without end would never be complete: what fits is learned now.
                Finish();
            }
        }
        catch (Exception e)
        {
            observer.Failed(ErrorStage.Copy, e, page);
            Abandon(SkipReason.Failed);
        }
    }

    private void Finish()
    {
        if (Interlocked.Exchange(ref _copy, null) is { } copy)
        {
            observer.Learn(page, knowledge, copy);
        }
    }

    private void Abandon(SkipReason reason)
    {
        if (Interlocked.Exchange(ref _copy, null) is { } copy)
        {
            observer.Drop(copy, reason);
        }
    }
}
