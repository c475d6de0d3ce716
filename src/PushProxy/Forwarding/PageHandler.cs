using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PushProxy.ClientCache;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Learning;
using PushProxy.Navigation;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>
/// Decides, when the headers of an HTML page have come from the origin and before they go to the client, what is added
/// to them and whether the body is observed. Nothing here may fail a request: on any error the page passes as it is.
/// </summary>
internal sealed partial class PageHandler(
    PolicyTable policies, PageStore store, ResourceRegistry registry, ResourcePusher pusher, ClientCaches caches, PageObserver observer,
    ClientIdentities clients, LearningOptions options, TimeProvider time, PushProxyMetrics metrics, ILogger<PageHandler> logger)
{
    /// <summary>A page: 200, <c>text/html</c>.</summary>
    /// <param name="http">The request.</param>
    /// <param name="request">What is kept of it.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy the route names.</param>
    /// <param name="setsCookies">Whether the origin sets cookies with it.</param>
    public void Handle(HttpContext http, ProxiedRequest request, string route, string? policyName, bool setsCookies)
    {
        var policy = policies.Find(policyName);
        try
        {
            var skip = Handle(http, request, route, policy, setsCookies);
            if (skip != SkipReason.None)
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
            LogFailed(e, http.Request.Path);
        }
    }

    /// <summary>A request that looked like a page's was answered with something else.</summary>
    public void HandleNoPage(HttpContext http, PageVisit visit, string? policyName)
    {
        try
        {
            var status = http.Response.StatusCode;
            if (status == StatusCodes.Status304NotModified)
            {
                HandleNotModified(http, visit, policies.Find(policyName));
            }
            else if (visit is { IsMember: false, Knowledge: { Path: { } path, Exact: { } exact } } && status is 200 or 301 or 302 or 303 or 307 or 308 or 404 or 410)
            {
                // What everyone was sent as a page is none any more.
                store.Forget(visit.Key, path, exact.Key);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    /// <summary>
    /// A 304 updates the header fields that the browser has stored with the page (RFC 9111 §3.2), Link among them: it gets what a
    /// 200 of that very version would get now. Without, the browser would go on preloading what an old response named.
    /// </summary>
    private void HandleNotModified(HttpContext http, PageVisit visit, DeliveryPolicy policy)
    {
        if (visit is { IsMember: false, NotNavigation: SkipReason.None, Knowledge.Exact: { } exact }
            && Validator(http.Response.Headers) is { } validator && exact.Knows(validator))
        {
            new PageDelivery(http, visit, policy, registry, pusher, caches, metrics).Deliver(exact.Page, PageSource.Learned);
        }
    }

    private SkipReason Handle(HttpContext http, ProxiedRequest request, string route, DeliveryPolicy policy, bool setsCookies)
    {
        if (policy.Delivery == DeliveryMode.Off)
        {
            return SkipReason.Off;
        }

        // Most have come this way before; those that don't look like a navigation are pages all the same.
        var visit = request.Visit;
        if (visit is not { Kind: not NavigationKind.None } && !IsForDisplay(http.Request.Headers["Sec-Fetch-Dest"]))
        {
            return SkipReason.NotNavigation;
        }

        if (visit is null)
        {
            if (!PageKey.TryCreate(route, http, out var key, out var query))
            {
                return SkipReason.InvalidPageUrl;
            }

            var isMember = PageAudience.IsMember(http.Request);
            var isNavigation = request.PossibleKind != NavigationKind.None;
            visit = new PageVisit(
                request.PossibleKind, isNavigation ? SkipReason.None : SkipReason.NotNavigation, key, query, isMember,
                isNavigation ? default : store.Find(key, query, http.Request.Headers, isMember), isNavigation ? request.StartedAt : time.GetTimestamp())
            {
                NotEarly = isNavigation ? SkipReason.Unknown : SkipReason.None,
                Connection = request.Connection,
                CacheCookie = request.CookieFor(policy),
                IsHardReload = ReloadDetection.Of(http.Request.Headers) == Reload.Hard,
            };
        }

        var headers = http.Response.Headers;
        if (ContentDecoder.Parse(headers.ContentEncoding) is not { } coding)
        {
            return SkipReason.UnsupportedEncoding;
        }

        if (!VariantKey.TryParseVary(headers.Vary, out var vary))
        {
            return SkipReason.VaryAny;
        }

        var page = Describe(http, visit, vary, coding, PageAudience.Of(visit.IsMember, setsCookies, headers.SetCookie));
        visit.Knowledge.Path?.Timing.Observe(page.ThinkTime, page.Length);
        var delivery = new PageDelivery(http, visit, policy, registry, pusher, caches, metrics);
        YieldingBody.AddTo(http, visit);
        return page.Audience == Audience.Everyone ? HandleEveryones(http, visit, page, delivery) : HandleOnes(http, visit, page, delivery);
    }

    // 1. Its validator says that this very version is known: nothing to read.  2. It says that it is another: what was learned
    // may be wrong for it.  3. It says nothing: what was learned is used, and the bytes tell afterwards.
    private SkipReason HandleEveryones(HttpContext http, PageVisit visit, PageDescription page, PageDelivery delivery)
    {
        var knowledge = visit.Knowledge;
        var isKnown = page.Validator is not null && knowledge.Exact?.Knows(page.Validator) == true;
        var hasChanged = !isKnown && page.Validator is not null && knowledge.Exact?.HasValidators == true;
        if (knowledge is { Page: { } known, IsPartial: false } && !hasChanged)
        {
            visit.View?.IsConfirmed = true;
            delivery.Deliver(known, knowledge.Source);
        }

        var wasJustChecked = page.Validator is null && knowledge.Exact is { HasValidators: false } recent && recent.IsFresh(time.GetUtcNow(), options.RecheckPause);
        var isOutdated = knowledge.Exact?.Page.IsOutdated(registry) == true;
        return !isOutdated && (isKnown || wasJustChecked) ? SkipReason.None : Observe(http, page, knowledge, delivery, learn: true);
    }

    // What this client alone is sent is read for this client, and counted for others.
    private SkipReason HandleOnes(HttpContext http, PageVisit visit, PageDescription page, PageDelivery delivery)
    {
        var knowledge = visit.Knowledge;
        if (knowledge is { Page: { } known, IsPartial: false })
        {
            delivery.Deliver(known, knowledge.Source);
        }

        var client = clients.Renew(clients.Of(http.Request.Headers), http.Response.Headers.SetCookie);
        var learn = knowledge.Path?.MayLearnShared(page.Audience, page.VariantKey, client, time.GetUtcNow()) ?? true;
        return delivery.Done && !learn ? SkipReason.None : Observe(http, page with { Client = client }, knowledge, delivery, learn);
    }

    private SkipReason Observe(HttpContext http, PageDescription page, PageKnowledge knowledge, PageDelivery delivery, bool learn)
    {
        if (knowledge.Exact is null && page.Url is null)
        {
            return SkipReason.InvalidPageUrl;
        }

        observer.Observe(http, page, knowledge, delivery, learn);
        return SkipReason.None;
    }

    private PageDescription Describe(HttpContext http, PageVisit visit, IReadOnlyList<string> vary, ContentCoding coding, Audience audience)
    {
        var headers = http.Response.Headers;
        var variant = visit.Knowledge is { Exact: { } exact, Path: { } path } && vary.SequenceEqual(path.Vary, StringComparer.Ordinal)
            ? exact.Key
            : VariantKey.Of(visit.Query, http.Request.Headers, vary);
        return new PageDescription(visit.Key, http.Request.Scheme, visit.Query, vary, variant, Validator(headers), coding, http.Response.ContentType!)
        {
            Audience = audience,
            SecurityPolicy = headers.ContentSecurityPolicy,
            ThinkTime = time.GetElapsedTime(visit.StartedAt),
            Length = http.Response.ContentLength,
        };
    }

    /// <summary>
    /// The Fetch standard's destination, where the client sends one: documents and frames display what they get, fetch() and images do not.
    /// </summary>
    private static bool IsForDisplay(StringValues destination) =>
        destination.Count == 0 || destination[0] is "document" or "iframe" or "frame" or "";

    /// <summary>ETag before Last-Modified, as in a conditional request (RFC 9110 §8.8).</summary>
    private static string? Validator(IHeaderDictionary headers)
    {
        var tag = headers.ETag.Count > 0 ? headers.ETag.ToString() : headers.LastModified.ToString();
        return tag.Length is > 0 and <= 256 ? tag : null;
    }

    [LoggerMessage(1, LogLevel.Error, "Deciding what to deliver for {Path} failed; the page passes as it is")]
    private partial void LogFailed(Exception exception, PathString path);
}
