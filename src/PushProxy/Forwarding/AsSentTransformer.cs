using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Forwarding.Interim;
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
    private volatile string? _lastHost;

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
        // Also where there is no response.
        OriginHints.Current?.Close();
        var transforming = inner.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (!transforming.IsCompletedSuccessfully)
        {
            return FinishAsync(transforming, httpContext.Response);
        }

        return new(Finish(httpContext.Response, transforming.Result));
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
        return Finish(response, await transforming);
    }

    // Such answers have no content (RFC 9110 §15.3.5, §15.3.6), and a 204 states no length (§8.6). The server refuses to send either. Old
    // scripts have them.
    private static bool Finish(HttpResponse response, bool hasBody)
    {
        if (response.StatusCode is not (StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent) || response.HasStarted)
        {
            return hasBody;
        }

        response.ContentLength = null;
        return false;
    }

    private void Finish(HttpContext http, HttpRequestMessage request, string prefix)
    {
        // A transform that answers the request itself leaves no target.
        if (request.RequestUri is not { } uri)
        {
            return;
        }

        // Nearly all targets have nothing that can be written in more than one way.
        if (RawTarget(http) is { } target && !uri.PathAndQuery.EndsWith(target, StringComparison.Ordinal))
        {
            request.RequestUri = AsSent(http.Request, target, uri, prefix) ?? uri;
        }

        if (request.Headers.Host is null && http.Request.Host.HasValue && PreservesHost(http, uri))
        {
            AddHost(request, http.Request.Host.Value!);
        }

        OriginHints.Current?.Begin(request.RequestUri);
    }

    // The server takes names that the client library does not, and that would then add the destination's. To see which it takes costs a
    // parsed URL, and most requests have the host of the one before.
    private void AddHost(HttpRequestMessage request, string host)
    {
        request.Headers.TryAddWithoutValidation("Host", host);
        if (_lastHost == host)
        {
            return;
        }

        if (request.Headers.Host is null)
        {
            request.Headers.Remove("Host");
        }
        else
        {
            _lastHost = host;
        }
    }

    // The name that the destination's certificate is checked against is the Host, so an https destination keeps its own by default.
    private bool PreservesHost(HttpContext http, Uri destination) =>
        (policies.Find(_policy).PreserveHost ?? (_isOrigin && destination.Scheme == Uri.UriSchemeHttp))
            && http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination?.Model.Config.Host is not { Length: > 0 };

    /// <summary>Returns the address with the path and the query as they were sent, each unless a transform has changed it.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="target">Its path and query as it was sent.</param>
    /// <param name="uri">The address that YARP has made.</param>
    /// <param name="prefix">What stands before the path at the destination.</param>
    /// <returns>Null if nothing is to be sent as it was.</returns>
    private static Uri? AsSent(HttpRequest request, string target, Uri uri, string prefix)
    {
        var unchanged = RequestUtilities.MakeDestinationAddress(prefix, request.Path, request.QueryString);
        var at = target.IndexOf('?', StringComparison.Ordinal);
        var (path, query) = at < 0 ? (target, "") : (target[..at], target[at..]);
        if (uri.AbsolutePath != unchanged.AbsolutePath || !IsSendable(target) || !IsPathOf(request, path))
        {
            return null;
        }

        var asked = uri.Query == unchanged.Query && query == request.QueryString.Value ? query : uri.Query;
        return Uri.TryCreate($"{prefix.AsSpan().TrimEnd('/')}{path}{asked}", s_asItIs, out var asSent) ? asSent : null;
    }

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

    // Over HTTP/2, a target may hold what would end it on a request line (RFC 9112 §3).
    private static bool IsSendable(string target) => !target.AsSpan().ContainsAnyExceptInRange('!', '~') && !target.Contains('#');

    // If not, something before YARP has changed the path, or it goes up, so that it might leave the destination's own.
    private static bool IsPathOf(HttpRequest request, string path) => !path.Contains('\\') && (path.Contains('%')
        ? PathString.FromUriComponent(path).Equals(request.Path, StringComparison.Ordinal) && !GoesUp(Uri.UnescapeDataString(path))
        : path == request.Path.Value && !GoesUp(path));

    // Servers differ in what they take for a slash, and in whether a parameter belongs to the name of a segment.
    private static bool GoesUp(string path) => path.Contains("..", StringComparison.Ordinal)
        && path.Split('/', '\\').Any(static segment => segment.Split(';')[0] == "..");
}
