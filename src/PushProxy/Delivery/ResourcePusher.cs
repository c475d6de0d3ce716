using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Analysis;
using PushProxy.Cache.Serving;
using PushProxy.Client;
using PushProxy.Client.Pacing;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Delivers by server push: promises what a plan allows, in delivery order and within the budget.</summary>
internal sealed partial class ResourcePusher(
    ResourceRegistry registry, ClientConnections connections, StoredSizes stored, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics, ILogger<ResourcePusher> logger)
{
    /// <summary>How long a client that refused a push is assumed to have the resource.</summary>
    private static readonly TimeSpan BelieveRefusal = TimeSpan.FromMinutes(10);

    /// <summary>Returns whether this client takes pushes for this page now.</summary>
    public static bool CanPush(HttpContext http, PageVisit visit, DeliveryPolicy policy) =>
        visit.NotNavigation == PageSkip.None && visit.Kind != NavigationKind.Frame
        && policy is { Delivery: DeliveryMode.Auto or DeliveryMode.Push, MaxPushes: > 0, MaxPushBytes: > 0 }
        && http.ServerPush().Availability == PushOutcome.Pushed;

    /// <summary>Pushes the resources of a page. The record gets a reason for each resource that is not pushed.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="plan">What may be delivered.</param>
    /// <param name="policy">The limits.</param>
    /// <param name="forecast">When the page is expected.</param>
    /// <param name="isOwnPage">Whether the plan was made from the very page that this client gets.</param>
    public void Push(
        HttpContext http, DeliveryRecord record, DeliveryPlan plan, DeliveryPolicy policy, PageForecast forecast, bool isOwnPage = false)
    {
        record.Connection ??= connections.FindOrAdd(http);
        if (record.Connection is not { } connection)
        {
            return;
        }

        Await(http, record, connection, forecast);
        var budget = record.Budget ??= new PushBudget(policy, connection.Link, forecast);
        var promised = new PromisedRequest(http.Request, plan.ReferrerPolicy);
        var urgency = PushOrder.UrgencyOf(http.Request.Headers["Priority"]);
        var page = connection.NextPage();
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            var planned = plan.Resources[i];
            var evidence = record.EvidenceFor(plan, i);
            if (!planned.IsWanted || record.IsPushed(planned.Url) || !evidence.IsAskedFor())
            {
                continue;
            }

            var order = new PushOrder(urgency, page, i) { IsBlocking = planned.Resource!.Blocking };
            var skip = !planned.IsUnconditional ? PushSkip.DependsOnScreen
                : evidence == CacheEvidence.StaleCopy ? PushSkip.HasStaleCopy
                : Push(http, connection, record.Visit.Knowledge.Path, planned, promised, budget, order, isOwnPage);
            if (skip == PushSkip.None)
            {
                record.Pushed(planned.Url);
            }
            else
            {
                // The client will request the resource itself. Its answer then gets the same rank, so that an image does not delay pushed
                // scripts.
                record.NotPushed(planned.Url, skip);
                connection.Hint(new PushedResource(planned.Resource.Url.PathAndQuery, planned.Resource, order, planned.State));
            }
        }
    }

    /// <summary>Notes what a 103 names, so that the answers are paced as pushes are.</summary>
    /// <param name="http">The page's request.</param>
    /// <param name="record">The page view.</param>
    /// <param name="plan">The plan whose resources the 103 names.</param>
    /// <param name="forecast">When the page is expected.</param>
    public void Hint(HttpContext http, DeliveryRecord record, DeliveryPlan plan, PageForecast forecast)
    {
        record.Connection ??= connections.FindOrAdd(http);
        if (record.Connection is not { } connection)
        {
            return;
        }

        Await(http, record, connection, forecast);
        var urgency = PushOrder.UrgencyOf(http.Request.Headers["Priority"]);
        var page = connection.NextPage();
        for (var i = 0; i < plan.Resources.Length; i++)
        {
            if (plan.Resources[i] is { Link: not null, IsHintable: true, Resource: { } resource } planned
                && record.EvidenceFor(plan, i).IsAskedFor())
            {
                var order = new PushOrder(urgency, page, i) { IsBlocking = resource.Blocking };
                connection.Hint(new PushedResource(resource.Url.PathAndQuery, resource, order, planned.State)
                {
                    NamedBefore = record.Awaited,
                });
            }
        }
    }

    private PushSkip Push(
        HttpContext http, ClientConnection connection, LearnedPath? page, PlannedResource planned, PromisedRequest promised,
        PushBudget budget, PushOrder order, bool isOwnPage)
    {
        var resource = planned.Resource!;
        if (planned.State?.Answer is { Vary: var vary } && (vary & PromiseVary.ByWhatNoPromiseHas) != PromiseVary.None)
        {
            return PushSkip.Varies;
        }

        var withCredentials = promised.HasCredentials
            && planned.State?.Answer?.IsSameForAll(options.SharedBy, options.SharedByAddresses) != true;
        if (withCredentials && !isOwnPage)
        {
            return PushSkip.NeedsCredentials;
        }

        var fields = promised.For(resource, withCredentials);
        var size = SizeOf(http.Request, planned, fields);
        var bytes = size + PromisedRequest.SizeOf(fields);
        if (budget.TryTake(resource, bytes) is not PushSkip.None and var noRoom)
        {
            return noRoom;
        }

        var pushed = new PushedResource(resource.Url.PathAndQuery, resource, order, planned.State)
        {
            Page = page,
            AllowedBytes = size,
            TryTakeMore = budget.TryTakeMore,
            IsAskedForAnybody = promised.HasCredentials && !withCredentials,
        };
        if (!connection.TryBegin(pushed))
        {
            budget.GiveBack(bytes);
            return PushSkip.UnderWay;
        }

        var result = http.ServerPush().TryPush(pushed.Target, fields);
        if (!result.IsPushed)
        {
            connection.End(pushed);
            budget.GiveBack(bytes);
            return result.Outcome.ToSkip();
        }

        _ = FollowAsync(result.Push, connection, pushed);
        return PushSkip.None;
    }

    // What is stored is sent in the coding that this client prefers. The last answer may have gone to another.
    private int SizeOf(HttpRequest page, PlannedResource planned, List<KeyValuePair<string, string>> fields) =>
        stored.Of(page.Scheme, page.Host.Value ?? "", planned.Resource!.Url.PathAndQuery, fields)
        ?? (planned.State is { Size: >= 0 and var known } ? known : PushBudget.UnknownSize);

    // From now on until its last byte, the page goes before everything that is paced.
    private static void Await(HttpContext http, DeliveryRecord record, ClientConnection connection, PageForecast forecast)
    {
        if (record.Awaited is not null)
        {
            return;
        }

        record.Awaited = connection.Schedule.PageBegun(forecast);
        http.Response.OnCompleted(static page =>
        {
            ((AwaitedPage)page).Ended();
            return Task.CompletedTask;
        }, record.Awaited);
    }

    /// <summary>Follows a push to its end. A push never fails with an exception.</summary>
    private async Task FollowAsync(ServerPush push, ClientConnection connection, PushedResource pushed)
    {
        var report = await push.Completion.ConfigureAwait(false);
        connection.End(pushed);
        Remember(connection, pushed, report);
        metrics.PushEnded(report.Fate, report.Bytes);
        LogEnded(pushed.Target, report.Fate, report.Bytes);
    }

    // A client has what it received to the last byte. What it refused or left waiting, it has or does not want. Anything else is no
    // evidence.
    private void Remember(ClientConnection connection, PushedResource pushed, PushReport report)
    {
        if (report.Fate is not PushFate.Delivered)
        {
            pushed.State?.Wasted(report.Bytes);
            pushed.Page?.Totals.Wasted(report.Bytes);
            metrics.Wasted(report.Bytes);
        }

        if (pushed.State is not { } state)
        {
            return;
        }

        if (report.Fate == PushFate.Delivered && pushed.Version is null && pushed.ContentHash?.Invoke() is { } hash)
        {
            pushed.Version = ResourceVersion.OfContent(state.CacheKey, hash);
            if (registry.Observe(state, new ResourceVersionState(pushed.Version.Value, null, pushed.Freshness.Until),
                pushed.Resource.Kind == ResourceKind.Style))
            {
                // In which coding it was pushed is not kept, so the hash proves nothing by itself.
                registry.Passed(state, pushed.Version.Value, hash, isCoded: true);
            }
        }

        if ((pushed.Version ?? state.Version?.Version) is not { } version)
        {
            return;
        }

        var now = time.GetUtcNow();
        var (evidence, freshness) = report.Fate switch
        {
            PushFate.Delivered => (CacheEvidence.PushedOnConnection, pushed.Freshness),
            PushFate.Refused or PushFate.Cancelled or PushFate.Stalled =>
                (CacheEvidence.RefusedByClient, Freshness.FreshUntil(now + BelieveRefusal)),
            _ => (CacheEvidence.None, default),
        };
        if (evidence != CacheEvidence.None)
        {
            connection.Cache.Record(state.CacheKey, version, evidence, freshness, now);
            LogEvidence(state.Key, evidence);
        }
    }

    [LoggerMessage(1, LogLevel.Debug, "Push of {Target}: {Fate}, {Bytes} bytes")]
    private partial void LogEnded(string target, PushFate fate, long bytes);

    [LoggerMessage(2, LogLevel.Debug, "Evidence that a client has {Resource}: {Evidence}")]
    private partial void LogEvidence(string resource, CacheEvidence evidence);
}
