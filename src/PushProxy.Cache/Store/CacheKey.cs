using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace PushProxy.Cache.Store;

/// <summary>
/// The key of a URL. Each part but the last is preceded by its length, so that no crafted host or path makes one URL's key another's. Path
/// and query are the bytes that the client sent.
/// </summary>
internal static class CacheKey
{
    public static string Of(HttpRequest request) =>
        Of(request.Scheme, request.Host.Value ?? "", TargetOf(request));

    /// <param name="scheme">http or https.</param>
    /// <param name="host">The host and the port, if it is not the scheme's own.</param>
    /// <param name="target">The path and the query.</param>
    public static string Of(string scheme, string host, string target) =>
        string.Concat(Site(scheme, host), target);

    /// <summary>Returns what the keys of all URLs of a site begin with.</summary>
    public static string Site(string scheme, string host)
    {
        var name = WithoutDefaultPort(scheme, host.ToLowerInvariant());
        return $"{scheme.Length}:{scheme}{name.Length}:{name}";
    }

    private static string TargetOf(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget is { Length: > 0 } raw
            ? OriginForm(raw) : request.Path.ToUriComponent() + request.QueryString;

    // A target with scheme and host (RFC 9112 §3.2.2). The server has compared it with Host.
    private static string OriginForm(string target)
    {
        var scheme = target[0] == '/' ? -1 : target.IndexOf("://", StringComparison.Ordinal);
        if (scheme < 0)
        {
            return target;
        }

        var end = target.AsSpan(scheme + 3).IndexOfAny('/', '?');
        var path = end < 0 ? "" : target[(scheme + 3 + end)..];
        return path.StartsWith('/') ? path : $"/{path}";
    }

    private static string WithoutDefaultPort(string scheme, string host) =>
        scheme == "https" && host.EndsWith(":443", StringComparison.Ordinal) ? host[..^4]
        : scheme == "http" && host.EndsWith(":80", StringComparison.Ordinal) ? host[..^3] : host;
}
