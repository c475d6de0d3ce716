using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Learning;
using PushProxy.Pages;

namespace PushProxy.Forwarding;

/// <summary>
/// Decides, when the headers of an HTML page have come from the origin and before they go to the client, what is added
/// to them and whether the body is observed. Nothing here may fail a request: on any error the page passes as it is.
/// </summary>
internal sealed partial class PageHandler(
    PolicyTable policies, PageStore store, ResourceRegistry registry, PageObserver observer, LearningOptions options, TimeProvider time,
    PushProxyMetrics metrics, ILogger<PageHandler> logger)
{
    /// <summary>Takes the answer to a request for anything but a page as evidence of what the origin has.</summary>
    public void ObserveResource(HttpContext http)
    {
        if (!registry.IsEvidence(http.Response.StatusCode))
        {
            return;
        }

        try
        {
            var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            if (registry.Observe(http.Request.Host.Value ?? "", target, http.Response.StatusCode))
            {
                LogResourceChanged(target, http.Response.StatusCode);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    public void Handle(HttpContext http, string route, string? policyName)
    {
        var policy = policies.Find(policyName);
        try
        {
            var skip = Handle(http, route, policy);
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

    /// <summary>
    /// A 304 updates the header fields that the browser has stored with the page (RFC 9111 §3.2), Link among them: it gets what a
    /// 200 of that very version would get now. Without, the browser would go on preloading what an old response named.
    /// </summary>
    public void HandleNotModified(HttpContext http, string route, string? policyName)
    {
        try
        {
            var policy = policies.Find(policyName);
            if (policy.Delivery != DeliveryMode.Off && IsForDisplay(http.Request.Headers["Sec-Fetch-Dest"]) && !IsPersonalised(http.Request)
                && PageKey.TryCreate(route, http, out var key, out var query)
                && store.Find(key, query, http.Request.Headers).Exact is { } exact
                && Validator(http.Response.Headers) is { } validator && exact.Knows(validator))
            {
                new PageDelivery(http, policy, registry, metrics).Deliver(exact.Page, PageSource.Learned);
            }
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Delivery);
            LogFailed(e, http.Request.Path);
        }
    }

    private SkipReason Handle(HttpContext http, string route, DeliveryPolicy policy)
    {
        if (policy.Delivery == DeliveryMode.Off)
        {
            return SkipReason.Off;
        }

        if (!IsForDisplay(http.Request.Headers["Sec-Fetch-Dest"]))
        {
            return SkipReason.NotNavigation;
        }

        var headers = http.Response.Headers;
        if (!PageKey.TryCreate(route, http, out var key, out var query))
        {
            return SkipReason.InvalidPageUrl;
        }

        if (ContentDecoder.Parse(headers.ContentEncoding) is not { } coding)
        {
            return SkipReason.UnsupportedEncoding;
        }

        if (!VariantKey.TryParseVary(headers.Vary, out var vary))
        {
            return SkipReason.VaryAny;
        }

        // What a logged-in visitor's page names is told to nobody else, and nobody else's to them: their page is read, not learned.
        var personalised = IsPersonalised(http.Request);
        var knowledge = personalised ? default : store.Find(key, query, http.Request.Headers);
        var validator = Validator(headers);
        var delivery = new PageDelivery(http, policy, registry, metrics);

        // 1. Its validator says that this very version is known: nothing to read.  2. It says that it is another: what was learned
        // may be wrong for it.  3. It says nothing: what was learned is used, and the bytes tell afterwards.
        var isKnown = validator is not null && knowledge.Exact?.Knows(validator) == true;
        var hasChanged = !isKnown && validator is not null && knowledge.Exact?.HasValidators == true;
        if (knowledge.Page is { } page && !hasChanged)
        {
            delivery.Deliver(page, knowledge.Exact is null ? PageSource.SharedPath : PageSource.Learned);
        }

        var wasJustChecked = validator is null && knowledge.Exact is { HasValidators: false } recent && recent.IsFresh(time.GetUtcNow(), options.RecheckPause);
        if (isKnown || wasJustChecked)
        {
            return SkipReason.None;
        }

        var variant = knowledge.Exact is { } exact && vary.SequenceEqual(knowledge.Path!.Vary, StringComparer.Ordinal)
            ? exact.Key
            : VariantKey.Of(query, http.Request.Headers, vary);
        var description = new PageDescription(key, http.Request.Scheme, query, vary, variant, validator, coding, http.Response.ContentType!);
        if (knowledge.Exact is null && description.Url is null)
        {
            return SkipReason.InvalidPageUrl;
        }

        observer.Observe(http, description, knowledge, delivery, learn: !personalised);
        return SkipReason.None;
    }

    /// <summary>
    /// The Fetch standard's destination, where the client sends one: documents and frames display what they get, fetch() and images do not.
    /// </summary>
    private static bool IsForDisplay(StringValues destination) =>
        destination.Count == 0 || destination[0] is "document" or "iframe" or "frame" or "";

    private static bool IsPersonalised(HttpRequest request) => request.Headers.Cookie.Count > 0 || request.Headers.Authorization.Count > 0;

    /// <summary>ETag before Last-Modified, as in a conditional request (RFC 9110 §8.8).</summary>
    private static string? Validator(IHeaderDictionary headers)
    {
        var tag = headers.ETag.Count > 0 ? headers.ETag.ToString() : headers.LastModified.ToString();
        return tag.Length is > 0 and <= 256 ? tag : null;
    }

    [LoggerMessage(1, LogLevel.Error, "Deciding what to deliver for {Path} failed; the page passes as it is")]
    private partial void LogFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Information, "{Target} answered {StatusCode}: its hints change")]
    private partial void LogResourceChanged(string target, int statusCode);
}
