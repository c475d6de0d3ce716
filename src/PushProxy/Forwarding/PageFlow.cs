using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// The way of one page view, from top to bottom: recognise, recall, subtract, plan, deliver early; YARP forwards; answer, learn. Nothing
/// here may fail a request: on any error the page passes as it is, and a counter says so.
/// </summary>
internal sealed partial class PageFlow(
    PolicyTable policies, PageStore store, DeliveryPlans plans, ClientCaches caches, EarlyDelivery early, PageAnswer answer,
    PageDescriber describer, PageObserver observer, TrafficObserver traffic, ClientIdentities clients, ResourceRegistry registry,
    LearningOptions options, TimeProvider time, PushProxyMetrics metrics, ILogger<PageFlow> logger)
{
    /// <summary>A GET is about to be forwarded: what is known of its page goes to the client while the origin thinks.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What is kept of it.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    public void BeforeForwarding(HttpContext http, ProxiedRequest request, string route, string? policyName)
    {
        try
        {
            // Most requests are no navigations, and end here.
            var kind = NavigationRequest.Classify(http.Request, out var notNavigation);
            if (kind == NavigationKind.None && notNavigation == PageSkip.NotNavigation)
            {
                return;
            }

            var policy = policies.Find(policyName);
            if (policy.Delivery == DeliveryMode.Off || Recall(http, request, route, policy, kind, notNavigation) is not { } record)
            {
                return;
            }

            request.Page = record;
            if (!IsPushed(http, record))
            {
                record.NotEarly = DeliverEarly(http, record, policy);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.EarlyDelivery);
            LogEarlyFailed(e, http.Request.Path);
        }
    }

    /// <summary>Recall: which page is it, and what is known of it? Null: it is most likely no page.</summary>
    private DeliveryRecord? Recall(
        HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy, NavigationKind kind, PageSkip notNavigation)
    {
        if (!PageKey.TryCreate(route, http, out var key, out var query))
        {
            return null;
        }

        var isMember = PageAudience.IsMember(http.Request);
        var knowledge =
            store.Find(key, query, http.Request.Headers, isMember, isPage: kind is NavigationKind.Document or NavigationKind.Frame);
        if (kind is NavigationKind.Unspoken or NavigationKind.Anything && knowledge is { Path: null, Page: null })
        {
            // An image, most of the time: no more is spent on it unless a page comes back.
            request.MayBePage(kind, time.GetTimestamp());
            return null;
        }

        var visit = new PageVisit(kind, notNavigation, key, query, isMember, knowledge, time.GetTimestamp())
        {
            Connection = request.Connection,
            CacheCookie = request.CookieFor(policy),
            IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
        };
        return new DeliveryRecord(traffic.Begin(http, visit, hasCacheCookie: request.CacheCookie is not null));
    }

    /// <summary>Subtract, plan, deliver early. Returns why nothing was delivered, as a word; null when something was.</summary>
    private string? DeliverEarly(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        var visit = record.Visit;
        if (visit.NotNavigation != PageSkip.None)
        {
            return visit.NotNavigation.Name();
        }

        if (visit.Knowledge.Page is not { } page)
        {
            return (visit.IsMember && visit.Knowledge.Path is not null ? PageSkip.Personalised : PageSkip.Unknown).Name();
        }

        var plan = record.Reduce(plans.For(page, policy));
        caches.Subtract(http.Request, record, plan);
        return early.Deliver(http, record, plan, policy, visit.Knowledge.Path?.Timing.Forecast ?? PageForecast.Unknown);
    }

    private static bool IsPushed(HttpContext http, DeliveryRecord record) =>
        record.Connection is { HasPushed: true } && http.ServerPush().Promised is not null;

    /// <summary>The origin has answered with a page: 200, <c>text/html</c>. Its header fields have not left yet.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What is kept of it.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    /// <param name="setsCookies">Whether the origin sets cookies with it.</param>
    public void PageCame(HttpContext http, ProxiedRequest request, string route, string? policyName, bool setsCookies)
    {
        var policy = policies.Find(policyName);
        try
        {
            var skip = Answer(http, request, route, policy, setsCookies);
            if (skip != PageSkip.None)
            {
                metrics.NotLearned(skip);
                if (policy.DebugHeader)
                {
                    http.Response.Headers.Append(DecisionHeader.Name, DecisionHeader.Format(skip));
                }
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogAnswerFailed(e, http.Request.Path);
        }
    }

    /// <summary>The origin has answered a page's request with something else.</summary>
    public void NoPageCame(HttpContext http, DeliveryRecord record, string? policyName)
    {
        try
        {
            var visit = record.Visit;
            var status = http.Response.StatusCode;
            if (status == StatusCodes.Status304NotModified)
            {
                AnswerNotModified(http, record, policies.Find(policyName));
            }
            else if (visit is { IsMember: false, Knowledge: { Path: { } path, Exact: { } exact } }
                && status is 200 or 301 or 302 or 303 or 307 or 308 or 404 or 410)
            {
                // What everyone was sent as a page is no page any more.
                store.Forget(visit.Key, path, exact.Key);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogAnswerFailed(e, http.Request.Path);
        }
    }

    /// <summary>
    /// A 304 updates the header fields that the browser has stored with the page (RFC 9111 §3.2), Link among them. So it gets what a 200 of
    /// that very version would get now. Without it, the browser would go on preloading what an old response named.
    /// </summary>
    private void AnswerNotModified(HttpContext http, DeliveryRecord record, DeliveryPolicy policy)
    {
        if (record.Visit is { IsMember: false, NotNavigation: PageSkip.None, Knowledge.Exact: { } exact }
            && PageDescriber.ValidatorOf(http.Response.Headers) is { } validator && exact.Knows(validator))
        {
            answer.Name(http, record, policy, exact.Page, PageSource.Learned);
        }
    }

    /// <summary>Answer and learn. Returns why the page is neither; <see cref="PageSkip.None"/> when it is dealt with.</summary>
    private PageSkip Answer(HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy, bool setsCookies)
    {
        if (policy.Delivery == DeliveryMode.Off)
        {
            return PageSkip.Off;
        }

        // Most have been recognised before. Those that do not look like a navigation are pages all the same.
        var record = request.Page;
        if (record is not { Visit.Kind: not NavigationKind.None } && !NavigationRequest.IsForDisplay(http.Request))
        {
            return PageSkip.NotNavigation;
        }

        if ((record ?? RecogniseLate(http, request, route, policy)) is not { } view)
        {
            return PageSkip.InvalidPageUrl;
        }

        if (describer.Describe(http, view.Visit, setsCookies, out var page) is not PageSkip.None and var skip)
        {
            return skip;
        }

        view.Visit.Knowledge.Path?.Timing.Observe(page!.ThinkTime, page.Length);
        YieldingBody.AddTo(http, view);
        return page!.Audience == Audience.Everyone
            ? AnswerEveryone(http, view, policy, page)
            : AnswerOne(http, view, policy, page);
    }

    /// <summary>Recognise and recall, for what turned out to be a page only by its response.</summary>
    private DeliveryRecord? RecogniseLate(HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy)
    {
        if (!PageKey.TryCreate(route, http, out var key, out var query))
        {
            return null;
        }

        var isMember = PageAudience.IsMember(http.Request);
        var isNavigation = request.PossibleKind != NavigationKind.None;
        var visit = new PageVisit(
            request.PossibleKind,
            isNavigation ? PageSkip.None : PageSkip.NotNavigation,
            key,
            query,
            isMember,
            isNavigation ? default : store.Find(key, query, http.Request.Headers, isMember),
            isNavigation ? request.StartedAt : time.GetTimestamp())
        {
            Connection = request.Connection,
            CacheCookie = request.CookieFor(policy),
            IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
        };
        return new DeliveryRecord(visit) { NotEarly = isNavigation ? PageSkip.Unknown.Name() : null };
    }

    /// <summary>
    /// A page that everyone gets alike. Its validator says that this version is known: nothing is read. It says that the version is
    /// another: what was learned may be wrong. It says nothing: what was learned is used, and the bytes tell afterwards.
    /// </summary>
    private PageSkip AnswerEveryone(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page)
    {
        var knowledge = record.Visit.Knowledge;
        var isKnown = page.Validator is not null && knowledge.Exact?.Knows(page.Validator) == true;
        var hasChanged = !isKnown && page.Validator is not null && knowledge.Exact?.HasValidators == true;
        if (knowledge is { Page: { } known, IsPartial: false } && !hasChanged)
        {
            record.Visit.View?.IsConfirmed = true;
            answer.Name(http, record, policy, known, knowledge.Source);
        }

        var wasJustChecked = page.Validator is null && knowledge.Exact is { HasValidators: false } recent
            && recent.IsFresh(time.GetUtcNow(), options.RecheckPause);
        var isOutdated = knowledge.Exact?.Page.IsOutdated(registry) == true;
        return !isOutdated && (isKnown || wasJustChecked) ? PageSkip.None : Learn(http, record, policy, page, learn: true);
    }

    /// <summary>What this client alone is sent is read for this client, and counted for others.</summary>
    private PageSkip AnswerOne(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page)
    {
        var knowledge = record.Visit.Knowledge;
        if (knowledge is { Page: { } known, IsPartial: false })
        {
            answer.Name(http, record, policy, known, knowledge.Source);
        }

        var client = clients.Renew(clients.Of(http.Request.Headers), http.Response.Headers.SetCookie);
        var learn = knowledge.Path?.MayLearnShared(page.Audience, page.VariantKey, client, time.GetUtcNow()) ?? true;
        return record.IsAnswered && !learn ? PageSkip.None : Learn(http, record, policy, page with { Client = client }, learn);
    }

    /// <summary>Learn: the body is observed as it passes.</summary>
    private PageSkip Learn(HttpContext http, DeliveryRecord record, DeliveryPolicy policy, PageDescription page, bool learn)
    {
        if (record.Visit.Knowledge.Exact is null && page.Url is null)
        {
            return PageSkip.InvalidPageUrl;
        }

        observer.Observe(http, page, record, policy, learn);
        return PageSkip.None;
    }

    [LoggerMessage(1, LogLevel.Error, "Deciding what to deliver early for {Path} failed; the page passes as it is")]
    private partial void LogEarlyFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Error, "Deciding what to deliver for {Path} failed; the page passes as it is")]
    private partial void LogAnswerFailed(Exception exception, PathString path);
}
