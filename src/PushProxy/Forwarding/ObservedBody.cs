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
    : PassingBody(inner)
{
    private PageCopy? _copy = copy;
    private bool _scanned;

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

    protected override void Observe(ReadOnlyMemory<byte> bytes)
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

    protected override void Bypassed() => Abandon(SkipReason.Failed);

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
