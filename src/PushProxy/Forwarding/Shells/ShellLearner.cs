using Microsoft.AspNetCore.Http;
using PushProxy.Diagnostics;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;

namespace PushProxy.Forwarding.Shells;

/// <summary>Compares the answers of pages, as they pass, with their shells and with each other.</summary>
internal sealed class ShellLearner(ShellStore store, ShellOptions options, TimeProvider time, PushProxyMetrics metrics)
{
    /// <summary>Decoding takes at most one part in so many of a processor's time. What comes in between is not compared.</summary>
    private const int MaxDecodingPart = 50;

    /// <summary>The maximum number of such answers under way.</summary>
    private const int MaxCopies = 16;

    private long _mayDecodeAt;
    private int _copies;
    private int _decoding;

    /// <summary>A page's answer has come. Its header fields are as the origin sent them.</summary>
    /// <param name="http">The request.</param>
    /// <param name="visit">The visit that it belongs to.</param>
    /// <param name="coding">The content coding of its body.</param>
    /// <param name="think">How long the origin took.</param>
    public void Observe(HttpContext http, ShellVisit visit, ContentCoding coding, TimeSpan think)
    {
        var isEncoded = coding != ContentCoding.Identity;
        if (isEncoded && (time.GetTimestamp() < Volatile.Read(ref _mayDecodeAt) || Volatile.Read(ref _copies) >= MaxCopies))
        {
            return;
        }

        var views = store.Begin(visit, http.Response.Headers, isEncoded);
        EncodedBeginning? copy = null;
        if (isEncoded)
        {
            copy = new(coding, options.MaxBytes);
            Interlocked.Increment(ref _copies);
        }

        ShellBody.AddTo(http, views, copy, whole =>
        {
            if (copy is null)
            {
                Complete(visit, views, think, whole);
            }
            else
            {
                Interlocked.Decrement(ref _copies);
                if (whole && Interlocked.Exchange(ref _decoding, 1) == 0)
                {
                    ThreadPool.UnsafeQueueUserWorkItem(_ => Decode(visit, views, copy, think), null);
                }
            }
        });
    }

    private void Decode(ShellVisit visit, IReadOnlyList<ShellView> views, EncodedBeginning copy, TimeSpan think)
    {
        var started = time.GetTimestamp();
        try
        {
            var bytes = copy.Decode();
            foreach (var view in views)
            {
                view.Observe(bytes.Span);
            }

            Complete(visit, views, think, whole: true);
        }
        catch (Exception)
        {
            metrics.Error(ErrorStage.Shell);
        }
        finally
        {
            var now = time.GetTimestamp();
            Volatile.Write(ref _mayDecodeAt, now + ((now - started) * MaxDecodingPart));
            Volatile.Write(ref _decoding, 0);
        }
    }

    private void Complete(ShellVisit visit, IReadOnlyList<ShellView> views, TimeSpan think, bool whole)
    {
        if (!whole)
        {
            return;
        }

        var hasChanged = false;
        foreach (var view in views)
        {
            hasChanged |= view.Complete(visit, think);
            if (view.Shell is { } shell && ReferenceEquals(shell, visit.Expected))
            {
                Judged(visit, view.Verdict);
            }
        }

        if (hasChanged)
        {
            store.Learned(visit);
        }
    }

    /// <summary>Notes whether an answer began with its shell, for the site and in the metrics.</summary>
    /// <returns>Whether the site's shells stop because of it.</returns>
    public bool Judged(ShellVisit visit, in ShellVerdict verdict)
    {
        metrics.Shell(verdict.Fault, visit.IsSent);
        if (verdict.Fault == ShellFault.None)
        {
            visit.Site.WasRight();
            return false;
        }

        return visit.Site.WasWrong(visit.Page, verdict.Fault, visit.IsSent);
    }
}
