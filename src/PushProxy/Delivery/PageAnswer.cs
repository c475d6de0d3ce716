using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using PushProxy.Analysis;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>
/// Answers: names on the page's own response what was not delivered before. It does so once for a page view, and only while the header
/// fields have not left.
/// </summary>
internal sealed class PageAnswer(
    DeliveryPlans plans, ResourceRegistry registry, ResourcePusher pusher, ClientCaches caches, TimeProvider time, PushProxyMetrics metrics)
{
    /// <summary>
    /// After so many round trips, and the time that a browser needs itself, without a request for what a 103 named, the client does not
    /// act on it.
    /// </summary>
    private const int PatienceInRoundTrips = 2;

    private static readonly TimeSpan BrowserTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Answers for a page that is known.</summary>
    /// <param name="http">The page's request; its response has come from the origin.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="page">The learned page.</param>
    /// <param name="source">The source of what is known about the page.</param>
    public void Name(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, LearnedPage page, PageSource source)
    {
        var links = OriginsOwn(http);
        var isMember = record.Visit.IsMember;
        var plan = links is null ? plans.For(page, policy, isMember) : plans.For(page, policy, isMember, links);
        plan = record.Reduce(plan);
        record.LinksInAdvance(plan);
        Name(http, record, policy, plan, source);
    }

    /// <summary>
    /// Answers for a page whose head has just been read. Personal resources are included, because only this client gets the answer.
    /// </summary>
    /// <param name="http">The page's request; its response has come from the origin.</param>
    /// <param name="record">The page view.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="analysis">What the head names.</param>
    public void NameHead(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageAnalysis analysis)
    {
        if (record.IsAnswered || http.Response.HasStarted)
        {
            return;
        }

        // The responses to what the head names may arrive before the page itself is learned.
        foreach (var resource in analysis.Resources)
        {
            registry.Expect(resource.Url);
        }

        var security = ContentSecurityPolicy.Of(http.Response.Headers.ContentSecurityPolicy, analysis.MetaPolicies);
        var plan = plans.ForItself(analysis, policy, OriginsOwn(http), security);
        caches.Subtract(http.Request, record, plan);
        if (ResourcePusher.CanPush(http, record.Visit, policy))
        {
            pusher.Push(http, record, plan, policy, PageForecast.Here(http.Response.ContentLength), isOwnPage: true);
        }

        Name(http, record, policy, plan, PageSource.Head);
    }

    private void Name(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, DeliveryPlan plan, PageSource source)
    {
        if (record.IsAnswered || http.Response.HasStarted)
        {
            return;
        }

        record.IsAnswered = true;
        caches.Subtract(http.Request, record, plan);

        // Resources that were pushed, or that the client has, need no Link. They make room for others.
        var fontsAreUnderWay = record.HintsSent && plan.HasHintableFont && MayFollowHints(record);
        var link = record.Visit.IsHardReload ? null
            : record.PushedCount == 0 && record.KnowsNothing && !fontsAreUnderWay ? plan.Link
            : plan.FinalLink(i => !record.IsPushed(plan.Resources[i].Url) && record.EvidenceFor(plan, i).IsAskedFor()
                && !(fontsAreUnderWay && plan.Resources[i].IsHintableFont));
        if (link is not null)
        {
            http.Response.Headers.Append("Link", link);
        }

        // Perhaps nobody will look at a page that was fetched in advance, and nothing of it is fetched then.
        if (policy.CacheCookie && record.Visit.NotNavigation != PageSkip.Prefetch)
        {
            caches.Remember(http, record, plan, policy);
        }

        Count(record, plan, source);
        if (policy.DebugHeader)
        {
            http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(source, plan, record));
        }
    }

    // Chromium (seen in 156) does not paint a page until the fonts that its own Link preloads have come, for up to 100 ms after everything
    // else. It does not wait for what only the 103 named. A client that asks for nothing after a 103 needs the Link.
    private bool MayFollowHints(DeliveryRecord record) => record.Connection is not { } connection || connection.FollowsHints
        || time.GetElapsedTime(record.Visit.StartedAt) < (connection.Link.RoundTrip * PatienceInRoundTrips) + BrowserTime;

    // The page's URL is built only if the origin sends links that must be resolved against it. Building it costs more than everything else
    // here.
    private static IReadOnlySet<string>? OriginsOwn(HttpContext http) =>
        http.Response.Headers.Link is { Count: > 0 } link
            && Uri.TryCreate(UriHelper.GetEncodedUrl(http.Request), UriKind.Absolute, out var url)
            ? OriginLinks.Preloaded(link, url)
            : null;

    private void Count(DeliveryRecord record, DeliveryPlan plan, PageSource source)
    {
        metrics.Page(source);
        if (record.NotEarly is { } reason)
        {
            metrics.NotEarly(reason);
        }

        metrics.Sent(DeliveryChannel.Push, record.PushedCount);
        var others = Math.Max(0, plan.SentCount - record.PushedCount - caches.CountSaved(record, plan));
        if (!record.Visit.IsHardReload)
        {
            var hinted = record.HintsSent ? Hinted(record, plan, others) : 0;
            (record.HintedCount, record.LinkedCount) = (hinted, others - hinted);
            metrics.Sent(DeliveryChannel.EarlyHints, hinted);
            metrics.Sent(DeliveryChannel.Link, others - hinted);
        }
        else if (others > 0)
        {
            metrics.Skipped(ResourceSkip.HardReload.Name(), others);
        }

        foreach (var (skipped, count) in plan.SkippedCounts)
        {
            metrics.Skipped(skipped, count);
        }
    }

    // How many of the resources that were not pushed the 103 named. Mostly it is all of them.
    private static int Hinted(DeliveryRecord record, DeliveryPlan plan, int others)
    {
        if (plan.AllHintable)
        {
            return others;
        }

        var count = 0;
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            count += record.ChannelOf(plan, i) == DeliveryChannel.EarlyHints ? 1 : 0;
        }

        return count;
    }
}
