using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// A page's body on its way to the client. Every write passes at once and unchanged. If the page is not known yet, the first write is read
/// before it leaves. A bounded copy is kept for learning.
/// </summary>
internal sealed class ObservedBody(
    IHttpResponseBodyFeature inner, PageObserver observer, PageDescription page, DeliveryRecord record, DeliveryPolicy policy,
    HttpContext http,
    PageCopy? copy)
    : PassingBody(inner)
{
    private PageCopy? _copy = copy;
    private bool _scanned;

    /// <summary>Notes that the response has ended.</summary>
    /// <param name="whole">Whether the whole body passed. A body that broke off says nothing about the page.</param>
    public void Completed(bool whole)
    {
        if (!whole)
        {
            Abandon(PageSkip.BrokenBody);
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

        if (!_scanned && !record.IsAnswered)
        {
            _scanned = true;
            observer.ReadHead(http, bytes, page, record, policy);
        }

        if (_copy is not null)
        {
            Copy(bytes.Span);
        }
    }

    protected override void Bypassed() => Abandon(PageSkip.Failed);

    private void Copy(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (!_copy!.Append(bytes))
            {
                Abandon(PageSkip.Busy);
            }
            else if (_copy.Truncated)
            {
                // A page that never ends would never be complete, so what fits is learned now.
                Finish();
            }
        }
        catch (Exception e)
        {
            observer.Failed(ErrorStage.Copy, e, page);
            Abandon(PageSkip.Failed);
        }
    }

    private void Finish()
    {
        if (Interlocked.Exchange(ref _copy, null) is { } copy)
        {
            observer.Learn(page, record, copy);
        }
    }

    private void Abandon(PageSkip reason)
    {
        if (Interlocked.Exchange(ref _copy, null) is { } copy)
        {
            observer.Drop(copy, reason);
        }
    }
}
