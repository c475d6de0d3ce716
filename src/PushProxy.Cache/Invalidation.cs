using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Store;

namespace PushProxy.Cache;

/// <summary>
/// Removes what a successful unsafe request has made wrong (RFC 9111 §4.4): its own URL, those that <c>Location</c> and
/// <c>Content-Location</c> name on the same site, and the groups in <c>Cache-Group-Invalidation</c> (RFC 9875 §3).
/// </summary>
internal sealed class Invalidation(ResponseStore store)
{
    private const int MaxGroups = 32;

    /// <summary>Invalidates as soon as the response to a request begins, before the client can ask again.</summary>
    public void Watch(HttpContext http) => http.Response.OnStarting(() =>
    {
        if (http.Response.StatusCode is >= 200 and < 400)
        {
            Invalidate(http);
        }

        return Task.CompletedTask;
    });

    private void Invalidate(HttpContext http)
    {
        var (request, headers) = (http.Request, http.Response.Headers);
        store.Purge(CacheKey.Of(request));
        Named(request, headers.Location);
        Named(request, headers.ContentLocation);
        if (headers.TryGetValue("Cache-Group-Invalidation", out var groups)
            && StructuredDictionary.Strings(groups) is { Count: > 0 and <= MaxGroups } names)
        {
            store.PurgeAll(CacheKey.Site(request.Scheme, request.Host.Value ?? ""), r => r.Head.Groups.Any(names.Contains));
        }
    }

    // Another site's URLs are none of its business.
    private void Named(HttpRequest request, string? url)
    {
        if (!string.IsNullOrEmpty(url)
            && Uri.TryCreate($"{request.Scheme}://{request.Host.Value}{request.PathBase}{request.Path}", UriKind.Absolute, out var own)
            && Uri.TryCreate(own, url, out var named)
            && named.Scheme == own.Scheme && named.Authority.Equals(own.Authority, StringComparison.OrdinalIgnoreCase))
        {
            store.Purge(CacheKey.Of(named.Scheme, named.Authority, named.PathAndQuery));
        }
    }
}
