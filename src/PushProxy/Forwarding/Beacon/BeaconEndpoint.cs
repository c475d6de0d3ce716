using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Client;
using PushProxy.Diagnostics;
using PushProxy.Proof;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Answers for the site where the script is: GET with the script, and POST, which brings a record, with 204. Records are taken from the
/// site's own pages alone, and no more than pages were sent with a tag. What is read of a request is its address, its <c>User-Agent</c> and
/// the record.
/// </summary>
internal sealed partial class BeaconEndpoint(
    BeaconRoutes routes, OpenTags tags, IViewGroups views, ProofBook book, BeaconMetrics counts, PushProxyMetrics metrics,
    TimeProvider time, ILogger<BeaconEndpoint> logger)
{
    /// <summary>How many records are read in a second, on average. It is more than pages get a tag.</summary>
    public const int MaxPerSecond = 100;

    /// <summary>How many more after a pause.</summary>
    public const int MaxAtOnce = 200;

    private readonly TokenBucket _records = new(MaxPerSecond, MaxAtOnce, time);

    /// <summary>Returns the route that a request's path stands for; null if the request is for the site.</summary>
    public RouteModel? RouteOf(HttpContext http, out bool isCurrent) =>
        BeaconScript.TryReadPath(http.Request.Path.Value, out var hash, out isCurrent) ? routes.Find(hash, http.Request.Host) : null;

    /// <summary>Answers such a request.</summary>
    public Task AnswerAsync(HttpContext http, RouteModel route, bool isCurrent)
    {
        if (HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Headers.CacheControl = "no-store";
            return TakeAsync(http, route);
        }

        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method)
            ? SendScriptAsync(http, isCurrent)
            : RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "GET brings the script, and POST takes a record.");
    }

    private static Task SendScriptAsync(HttpContext http, bool isCurrent)
    {
        var response = http.Response;
        response.ContentType = "text/javascript";
        response.ContentLength = BeaconScript.Bytes.Length;

        // A page that was kept before an update names an older one. It gets this one, which does the same.
        response.Headers.CacheControl = isCurrent ? "public, max-age=31536000, immutable" : "no-cache";
        response.Headers.XContentTypeOptions = "nosniff";
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask : response.Body.WriteAsync(BeaconScript.Bytes, http.RequestAborted).AsTask();
    }

    private async Task TakeAsync(HttpContext http, RouteModel route)
    {
        var refusal = WhyNot(http, out var status);
        if (refusal is not null)
        {
            await RefuseAsync(http, status, refusal);
            return;
        }

        var text = new byte[(int)http.Request.ContentLength!];
        await http.Request.Body.ReadExactlyAsync(text, http.RequestAborted);
        if (BeaconRecord.Parse(text) is not { } record)
        {
            counts.Record(RecordOutcome.Invalid);
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "This is no record, or its times can't be.");
            return;
        }

        // Whether it counts is nobody's business.
        http.Response.StatusCode = StatusCodes.Status204NoContent;
        try
        {
            http.SetEndpoint(new Endpoint(requestDelegate: null, new EndpointMetadataCollection(route), "beacon"));
            counts.Record(Take(http, record));
        }
        catch (Exception e)
        {
            metrics.Error(ErrorStage.Beacon);
            LogFailed(e, http.Request.Path);
        }
    }

    private string? WhyNot(HttpContext http, out int status)
    {
        status = StatusCodes.Status403Forbidden;
        if (!IsOwn(http.Request))
        {
            counts.Record(RecordOutcome.Foreign);
            return "Records come from pages of this site.";
        }

        if (http.Request.ContentLength is not { } length)
        {
            counts.Record(RecordOutcome.Invalid);
            status = StatusCodes.Status411LengthRequired;
            return "A record states its length.";
        }

        if (length > BeaconRecord.MaxBytes)
        {
            counts.Record(RecordOutcome.TooLong);
            status = StatusCodes.Status413PayloadTooLarge;
            return string.Create(CultureInfo.InvariantCulture, $"A record has at most {BeaconRecord.MaxBytes} bytes.");
        }

        if (_records.TryTake())
        {
            return null;
        }

        counts.Record(RecordOutcome.TooMany);
        status = StatusCodes.Status429TooManyRequests;
        return "Too many records come at the moment.";
    }

    // Browsers say where a request comes from (Fetch Metadata §2.2), those of old at least in Origin.
    private static bool IsOwn(HttpRequest request) => request.Headers["Sec-Fetch-Site"] is { Count: > 0 } site
        ? site == "same-origin"
        : request.Headers.Origin is [{ } origin] && request.Host.HasValue
            && origin.EndsWith($"://{request.Host.Value}", StringComparison.OrdinalIgnoreCase);

    private RecordOutcome Take(HttpContext http, BeaconRecord record)
    {
        if (!tags.TryTake(http, record.Path))
        {
            return RecordOutcome.Unasked;
        }

        ReadOnlySpan<(ProofMeasure Measure, int? Time)> times =
        [
            (ProofMeasure.Fcp, record.Fcp), (ProofMeasure.Lcp, record.Lcp), (ProofMeasure.Ttfb, record.Ttfb),
            (ProofMeasure.Interim, record.Interim),
        ];
        var isFound = views.TryFind(http, record.Path, out var view);
        foreach (var (measure, told) in times)
        {
            if (told is { } milliseconds)
            {
                counts.Time(measure, milliseconds);
                if (isFound)
                {
                    book.Add(view, measure, milliseconds);
                }
            }
        }

        return isFound ? RecordOutcome.Taken : RecordOutcome.NoView;
    }

    private static Task RefuseAsync(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        if (status == StatusCodes.Status405MethodNotAllowed)
        {
            http.Response.Headers.Allow = "GET, HEAD, POST";
        }

        return http.Response.WriteAsync(text + "\n", http.RequestAborted);
    }

    [LoggerMessage(1, LogLevel.Error, "Taking the record that came to {Path} failed")]
    private partial void LogFailed(Exception exception, PathString path);
}
