using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Client;
using PushProxy.Forwarding.Interim;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Reads from a page's response head what learning needs besides the bytes.</summary>
internal sealed class PageDescriber(ClientIdentities clients, TimeProvider time)
{
    /// <summary>The maximum length of a validator that is kept, in characters.</summary>
    private const int MaxValidatorLength = 256;

    private volatile Known? _destination;

    /// <summary>Describes a page.</summary>
    /// <param name="http">The request; its response has come from the origin.</param>
    /// <param name="visit">The facts of the request.</param>
    /// <param name="setCookie">The origin's Set-Cookie fields.</param>
    /// <param name="page">The page; null if it cannot be learned.</param>
    /// <returns>Why the page cannot be learned; <see cref="PageSkip.None"/> if it can.</returns>
    public PageSkip Describe(HttpContext http, PageVisit visit, StringValues setCookie, out PageDescription? page)
    {
        page = null;
        var headers = http.Response.Headers;
        if (ContentDecoder.Parse(headers.ContentEncoding) is not { } coding)
        {
            return PageSkip.UnsupportedEncoding;
        }

        // Some origins name a field in Vary only if the request has it. Otherwise two clients would take turns in starting the path anew.
        var known = visit.Knowledge.Path?.Vary ?? [];
        if (!VariantKey.TryParseVary(headers.Vary, known, out var vary))
        {
            return PageSkip.VaryAny;
        }

        var variant = visit.Knowledge.Exact is { } exact && vary.Count == known.Count
            ? exact.Key
            : VariantKey.Of(visit.Query, http.Request.Headers, vary);
        page = new PageDescription(
            visit.Key, http.Request.Scheme, visit.Query, vary, variant, ValidatorOf(headers), coding, http.Response.ContentType!)
        {
            Audience = PageAudience.Of(visit.IsMember, setCookie, headers.CacheControl, clients),
            Connection = ConnectionKey.Of(http),
            Address = clients.AddressOf(http.Connection.RemoteIpAddress),
            SecurityPolicy = headers.ContentSecurityPolicy,
            LinkFields = LinksOf(headers.Link),
            ReferrerPolicy = ReferrerPolicy.Of(headers["Referrer-Policy"]),
            Destination = OriginOf(http.Features.Get<IReverseProxyFeature>()?.ProxiedDestination?.Model.Config.Address),
            RequestedAt = visit.StartedAt,
            AcceptEncoding = http.Request.Headers.AcceptEncoding,
            ThinkTime = time.GetElapsedTime(visit.StartedAt),
            Length = http.Response.ContentLength,
        };
        return PageSkip.None;
    }

    // Links that preload nothing teach nothing. They may differ with each view. Most pages have none.
    private static IReadOnlyList<string> LinksOf(StringValues links)
    {
        var hints = OriginHints.Current?.Links ?? [];
        return hints.Count + links.Count == 0 ? []
            : [.. hints.Concat(links.OfType<string>()).Where(static f => f.Contains("preload", StringComparison.OrdinalIgnoreCase))];
    }

    private string? OriginOf(string? destination)
    {
        if (_destination is { } last && last.Address == destination)
        {
            return last.Origin;
        }

        // There are few destinations, and mostly one.
        var origin = Uri.TryCreate(destination, UriKind.Absolute, out var url) ? url.GetLeftPart(UriPartial.Authority) : null;
        _destination = new Known(destination, origin);
        return origin;
    }

    private sealed record Known(string? Address, string? Origin);

    /// <summary>
    /// Returns ETag before Last-Modified, as a conditional request does (RFC 9110 §8.8); null if the response has neither, or one that is
    /// too long.
    /// </summary>
    public static string? ValidatorOf(IHeaderDictionary headers)
    {
        var tag = headers.ETag.Count > 0 ? headers.ETag.ToString() : headers.LastModified.ToString();
        return tag.Length is > 0 and <= MaxValidatorLength ? tag : null;
    }
}
