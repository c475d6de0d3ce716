using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// Forwards a request's path and query as the client sent them (RFC 9110 §7.7), and its Host if the route's policy says so, unless a
/// transform of the route asked for something else. YARP alone decodes the path and encodes it anew, and sends the destination's name.
/// </summary>
internal sealed class AsSentTransformer(
    HttpTransformer inner, PolicyTable policies, IReadOnlyDictionary<string, string>? metadata) : HttpTransformer
{
    private static readonly UriCreationOptions s_asItIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly string? _policy = DeliveryPolicy.NameIn(metadata);
    private readonly bool _isOrigin = metadata?.ContainsKey(DeliveryPolicy.OriginKey) == true;

    public override ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var transforming = inner.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        if (!transforming.IsCompletedSuccessfully)
        {
            return FinishAsync(transforming, httpContext, proxyRequest, destinationPrefix);
        }

        Finish(httpContext, proxyRequest, destinationPrefix);
        return default;
    }

    public override ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var transforming = inner.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (!transforming.IsCompletedSuccessfully)
        {
            return FinishAsync(transforming, httpContext.Response);
        }

        Finish(httpContext.Response);
        return transforming;
    }

    public override ValueTask TransformResponseTrailersAsync(
        HttpContext httpContext, HttpResponseMessage proxyResponse, CancellationToken cancellationToken) =>
        inner.TransformResponseTrailersAsync(httpContext, proxyResponse, cancellationToken);

    private async ValueTask FinishAsync(ValueTask transforming, HttpContext http, HttpRequestMessage request, string prefix)
    {
        await transforming;
        Finish(http, request, prefix);
    }

    private static async ValueTask<bool> FinishAsync(ValueTask<bool> transforming, HttpResponse response)
    {
        var result = await transforming;
        Finish(response);
        return result;
    }

    // Kestrel refuses to send it, and it must not be sent (RFC 9110 §8.6). Old scripts say Content-Length: 0.
    private static void Finish(HttpResponse response)
    {
        if (response.StatusCode == StatusCodes.Status204NoContent && !response.HasStarted)
        {
            response.ContentLength = null;
        }
    }

    private void Finish(HttpContext http, HttpRequestMessage request, string prefix)
    {
        // A transform that answers the request itself leaves no target.
        if (request.RequestUri is not { } uri)
        {
            return;
        }

        // Nearly all targets have nothing that can be written in more than one way.
        if (RawTarget(http) is { } target && !uri.PathAndQuery.EndsWith(target, StringComparison.Ordinal)
            && IsThatOf(http.Request, target) && IsUnchanged(uri, prefix, http.Request)
            && Uri.TryCreate(string.Concat(prefix.AsSpan().TrimEnd('/'), target), s_asItIs, out var asSent))
        {
            request.RequestUri = asSent;
        }

        if (request.Headers.Host is null && http.Request.Host.HasValue && PreservesHost(http, uri))
        {
            // Kestrel takes what the property would refuse.
            request.Headers.TryAddWithoutValidation("Host", http.Request.Host.Value);
        }
    }

    // The name that the destination's certificate is checked against is the Host, so an https destination keeps its own by default.
    private bool PreservesHost(HttpContext http, Uri destination) =>
        (policies.Find(_policy).PreserveHost ?? (_isOrigin && destination.Scheme == Uri.UriSchemeHttp))
            && http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination?.Model.Config.Host is not { Length: > 0 };

    // What YARP makes of a request that no transform has changed.
    private static bool IsUnchanged(Uri uri, string prefix, HttpRequest request) =>
        uri.Equals(RequestUtilities.MakeDestinationAddress(prefix, request.Path, request.QueryString));

    /// <summary>Returns the path and query as the client sent them; null if it sent none.</summary>
    private static string? RawTarget(HttpContext http)
    {
        if (http.Features.Get<IHttpRequestFeature>()?.RawTarget is not { Length: > 0 } target || http.Request.PathBase.HasValue)
        {
            return null;
        }

        if (target[0] != '/')
        {
            // The absolute form (RFC 9112 §3.2.2).
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var at = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            if (at < 0)
            {
                return null;
            }

            target = target[at..];
        }

        return target;
    }

    // If not, something before YARP has changed the path, or the path goes up, so that it might leave the destination's own. Over HTTP/2, a
    // target may hold what would end it on a request line (RFC 9112 §3), and what servers take for a slash.
    private static bool IsThatOf(HttpRequest request, string target)
    {
        if (target.AsSpan().ContainsAnyExceptInRange('!', '~') || target.Contains('#'))
        {
            return false;
        }

        var query = target.IndexOf('?', StringComparison.Ordinal);
        var path = query < 0 ? target.AsSpan() : target.AsSpan(0, query);
        if (path.Contains('\\'))
        {
            return false;
        }

        var isSame = path.Contains('%')
            ? PathString.FromUriComponent(path.ToString()).Equals(request.Path, StringComparison.Ordinal)
            : path.SequenceEqual(request.Path.Value);
        var asked = query < 0 ? default : target.AsSpan(query);
        return isSame && asked.SequenceEqual(request.QueryString.Value);
    }
}
