using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using PushProxy.Cache;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Fields;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Decides which pages get the tag of the beacon. No error here fails a request: the page passes unchanged, and a counter counts the error.
/// </summary>
internal sealed partial class BeaconPages(
    PolicyTable policies, OpenTags tags, BeaconMetrics counts, PushProxyMetrics metrics, TimeProvider time, ILogger<BeaconPages> logger)
{
    /// <summary>How many pages get a tag in a second, on average. That is enough for any verdict. Others are sent as they are.</summary>
    public const int MaxPerSecond = 50;

    /// <summary>How many more after a pause.</summary>
    public const int MaxAtOnce = 100;

    private static readonly string[] WithoutAscii = ["utf-16", "utf-7", "utf-32", "unicode", "ucs-", "2022", "hz-"];

    private readonly ConcurrentDictionary<string, string> _paths = new();
    private readonly TokenBucket _sample = new(MaxPerSecond, MaxAtOnce, time);
    private bool _hasWarned;

    /// <summary>Whether any policy has a beacon.</summary>
    public bool IsOn => policies.HasBeacons;

    /// <summary>Whether the application answers the script's path.</summary>
    public bool IsServed { get; set; }

    /// <summary>Returns whether the answer to a request may have to get a tag, so that its bytes must be at hand.</summary>
    /// <param name="http">The request, before anything was done with it.</param>
    /// <param name="policy">The policy of its route.</param>
    public bool MayTag(HttpContext http, DeliveryPolicy policy)
    {
        try
        {
            return policy.TagsPages && HttpMethods.IsGet(http.Request.Method) && ViewOf(http).IsWanted;
        }
        catch (Exception e)
        {
            Failed(e, http);
            return false;
        }
    }

    /// <summary>A request is about to be forwarded, and its page may begin with a shell.</summary>
    /// <param name="http">The request.</param>
    /// <param name="forwarded">The request as it will be forwarded.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy that the route names.</param>
    /// <param name="beginsWithShell">Whether a shell is about to be sent.</param>
    public void BeforeForwarding(
        HttpContext http, HttpRequestMessage forwarded, string route, string? policyName, bool beginsWithShell)
    {
        var policy = policies.Find(policyName);
        if (MayTag(http, policy) && beginsWithShell)
        {
            Place(http, route);
        }

        // A client that has a page with a tag asks for it by its weak tag. Some origins compare tags byte by byte.
        if (policy.TagsPages && http.Features.Get<BeaconView>() is not null
            && forwarded.Headers.NonValidated.TryGetValues("If-None-Match", out var lines) && lines.Count == 1
            && WeakenedTags.WithStrong(lines.ToString()) is { } both)
        {
            forwarded.Headers.Remove("If-None-Match");
            forwarded.Headers.TryAddWithoutValidation("If-None-Match", both);
        }
    }

    /// <summary>The answer to a request is a page: 200 and <c>text/html</c>. Its header fields have not left yet.</summary>
    /// <param name="http">The request.</param>
    /// <param name="route">The route that serves it.</param>
    /// <param name="policyName">The policy that the route names.</param>
    public void PageCame(HttpContext http, string route, string? policyName)
    {
        if (MayTag(http, policies.Find(policyName)))
        {
            Place(http, route);
        }
    }

    /// <summary>Returns the tag of a page whose head is about to leave; null if it gets none.</summary>
    public byte[]? TagFor(HttpContext http, string route)
    {
        try
        {
            var response = http.Response;
            if (response.HasStarted || response.StatusCode != StatusCodes.Status200OK || !HtmlType.Is(response.ContentType))
            {
                // For this client it became something else.
                return null;
            }

            var path = _paths.GetOrAdd(route, BeaconScript.PathFor);
            string? nonce = null;
            var skip = WhyNot(http.Request.Headers, response);
            if (skip is null && !BeaconPermission.Allows(
                response.Headers, new Uri($"{http.Request.Scheme}://{http.Request.Host.Value}{path}"), out nonce))
            {
                skip = BeaconOutcome.SecurityPolicy;
            }

            if (skip is { } reason)
            {
                counts.Page(reason);
                return null;
            }

            return BeaconScript.Tag(path, nonce);
        }
        catch (Exception e)
        {
            Failed(e, http);
            return null;
        }
    }

    /// <summary>Changes the header fields of a response that is no more as the origin made it, or may be.</summary>
    public static void ChangeHead(HttpResponse response)
    {
        response.ContentLength = null;
        EncodedHead.OtherBytes(response);
    }

    /// <summary>A page leaves with its tag.</summary>
    public void Tagged(HttpContext http)
    {
        counts.Page(BeaconOutcome.Tagged);
        tags.Add(http);
    }

    /// <summary>
    /// A page is loaded again, because its shell was wrong. What the browser is about to tell of the first load is no view.
    /// </summary>
    public void BeganWrong(HttpContext http) => tags.TryTake(http, OpenTags.PathOf(http));

    /// <summary>A page gets none.</summary>
    public void Skipped(BeaconOutcome reason) => counts.Page(reason);

    private static BeaconOutcome? WhyNot(IHeaderDictionary request, HttpResponse response)
    {
        var headers = response.Headers;
        return headers.ContentEncoding.Count > 0 || headers.ContentRange.Count > 0 ? BeaconOutcome.Encoded
            : Words.Have(headers.CacheControl, "no-transform") || Words.Have(request.CacheControl, "no-transform")
                ? BeaconOutcome.NoTransform
            : headers.ContainsKey("Signature") || headers.Trailer.ToString().Contains("digest", StringComparison.OrdinalIgnoreCase)
                ? BeaconOutcome.Signed
            : HasAscii(HtmlType.Charset(response.ContentType!)) ? null : BeaconOutcome.Charset;
    }

    // Of what browsers know (Encoding §4.2). Markup in UTF-16 without a label has zeros, which are noticed.
    private static bool HasAscii(string? charset) => charset is null
        || !Array.Exists(WithoutAscii, label => charset.Contains(label, StringComparison.OrdinalIgnoreCase));

    /// <summary>Puts the body in place that adds the tag, nearest to the client.</summary>
    private void Place(HttpContext http, string route)
    {
        try
        {
            if (ViewOf(http) is not { IsInPlace: false } view)
            {
                return;
            }

            view.IsInPlace = true;
            if (http.Features.Get<IHttpCacheFeature>() is { } shared)
            {
                // What is stored, and what others get who wait for the same response, has none.
                shared.ClientBody = new BeaconBody(shared.ClientBody, http, route, this);
                return;
            }

            http.Features.Set<IHttpResponseBodyFeature>(
                new BeaconBody(http.Features.GetRequiredFeature<IHttpResponseBodyFeature>(), http, route, this));
        }
        catch (Exception e)
        {
            Failed(e, http);
        }
    }

    private BeaconView ViewOf(HttpContext http)
    {
        if (http.Features.Get<BeaconView>() is not { } view)
        {
            // What the proxy asks for itself has notes, or no connection.
            var isView = NavigationRequest.Classify(http.Request, out _) == NavigationKind.Document
                && http.Features.Get<RequestNotes>() is not { IsLearning: true } && !string.IsNullOrEmpty(http.Connection.Id);
            view = new BeaconView(isView && IsSampled(http.Request.Headers));
            http.Features.Set(view);
            if (isView && WeakenedTags.AreNamed(http.Request.Headers))
            {
                // What the client has may have a tag, whatever form of the validator the answer has.
                http.Response.OnStarting(static state =>
                {
                    var response = ((HttpContext)state).Response;
                    if (response.StatusCode == StatusCodes.Status304NotModified)
                    {
                        EncodedHead.Weaken(response);
                    }

                    return Task.CompletedTask;
                }, http);
            }
        }

        return view;
    }

    private bool IsSampled(IHeaderDictionary request)
    {
        BeaconOutcome? skip = !IsServed ? BeaconOutcome.NotServed
            : request["Sec-GPC"] == "1" || request["DNT"] == "1" ? BeaconOutcome.Declined
            : _sample.TryTake() ? null : BeaconOutcome.NotSampled;
        if (skip is { } reason)
        {
            counts.Page(reason);
            if (reason == BeaconOutcome.NotServed && !Interlocked.Exchange(ref _hasWarned, true))
            {
                LogNotServed();
            }
        }

        return skip is null;
    }

    private void Failed(Exception e, HttpContext http)
    {
        metrics.Error(ErrorStage.Beacon);
        LogFailed(e, http.Request.Path);
    }

    [LoggerMessage(1, LogLevel.Error, "Adding the beacon to {Path} failed; the page passes unchanged")]
    private partial void LogFailed(Exception exception, PathString path);

    [LoggerMessage(2, LogLevel.Warning, "A policy has a beacon, but no page gets it: the application does not call UsePushProxyBeacon()")]
    private partial void LogNotServed();
}
