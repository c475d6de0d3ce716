using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// Everything about a response, except its bytes, that learning needs. Expensive values are computed only when somebody reads them, because
/// most responses turn out to be a known version.
/// </summary>
/// <param name="Key">The page.</param>
/// <param name="Scheme">The scheme of the client's request: http or https.</param>
/// <param name="Query">The query string with its question mark; empty if the URL has none.</param>
/// <param name="Vary">The names of the request headers that tell the page's variants apart.</param>
/// <param name="VariantKey">The variant of the page (<see cref="Model.VariantKey"/>).</param>
/// <param name="Validator">The validator: ETag, else Last-Modified (RFC 9110 §8.8); null if the response has neither.</param>
/// <param name="Coding">The content coding of the body.</param>
/// <param name="ContentType">The Content-Type field.</param>
internal sealed record PageDescription(
    PageKey Key, string Scheme, string Query, IReadOnlyList<string> Vary, UInt128 VariantKey, string? Validator, ContentCoding Coding,
    string ContentType)
{
    private Uri? _url;

    /// <summary>The audience that the page is made for.</summary>
    public Audience Audience { get; init; }

    /// <summary>The client that received the page. It has no meaning for <see cref="Audience.Everyone"/>.</summary>
    public ClientId Client { get; init; }

    /// <summary>The connection that received the page, as a hash of its identifier.</summary>
    public ulong Connection { get; init; }

    /// <summary>Where the client is that received the page.</summary>
    public ClientAddress Address { get; init; }

    /// <summary>The response's Content-Security-Policy fields.</summary>
    public StringValues SecurityPolicy { get; init; }

    /// <summary>Whether the response's policies make http URLs in the page https.</summary>
    public bool UpgradesInsecure => ContentSecurityPolicy.UpgradesInsecure(SecurityPolicy);

    /// <summary>The values of the origin's Link fields, of the response and of a 103 before it; empty if there are none.</summary>
    public IReadOnlyList<string> LinkFields { get; init; } = [];

    /// <summary>What the response's fields say of the page's resources.</summary>
    public ResponseFields Fields => new() { UpgradesInsecure = UpgradesInsecure, Links = LinkFields };

    /// <summary>The policy in the response's Referrer-Policy field; null if it states none.</summary>
    public string? ReferrerPolicy { get; init; }

    /// <summary>Where the response came from, as an origin; null if that is not known.</summary>
    public string? Destination { get; init; }

    /// <summary>When the page was requested, as a timestamp of the clock.</summary>
    public long RequestedAt { get; init; } = long.MaxValue;

    /// <summary>The request's Accept-Encoding. What the page needs is fetched in the codings that its client's browser would get.</summary>
    public StringValues AcceptEncoding { get; init; }

    /// <summary>The time from the request to the head of the response.</summary>
    public TimeSpan ThinkTime { get; init; }

    /// <summary>The Content-Length in bytes; null if the response does not state it.</summary>
    public long? Length { get; init; }

    /// <summary>The page's URL as the client sees it; null if target and host do not form a URL.</summary>
    public Uri? Url => _url ??= Uri.TryCreate($"{Scheme}://{Key.Authority}{Key.Path}{Query}", UriKind.Absolute, out var url) ? url : null;

    /// <summary>
    /// Returns an analysis of the page with what its response says besides. A client need not connect to where the proxy forwards to: that
    /// address is internal.
    /// </summary>
    public PageAnalysis Complete(PageAnalysis analysis) => analysis with
    {
        ReferrerPolicy = analysis.ReferrerPolicy ?? ReferrerPolicy,
        Preconnects = Destination is { } internalOrigin && analysis.Preconnects.Any(p => IsSameHost(p.Origin, internalOrigin))
            ? [.. analysis.Preconnects.Where(p => !IsSameHost(p.Origin, internalOrigin))] : analysis.Preconnects,
    };

    // An application that knows of https names itself by it, at the port of its http.
    private static bool IsSameHost(string origin, string other) =>
        origin.AsSpan(origin.IndexOf(':', StringComparison.Ordinal))
            .Equals(other.AsSpan(other.IndexOf(':', StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);

    /// <summary>Returns a hash of the page's bytes with what its Link fields preload: both say what the page needs.</summary>
    public UInt128 HashWith(UInt128 bytes)
    {
        if (LinkFields.Count == 0)
        {
            return bytes;
        }

        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in bytes)));
        foreach (var link in LinkFields)
        {
            hash.Append(MemoryMarshal.AsBytes(link.AsSpan()));
            hash.Append([0]);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>The charset in Content-Type; null if it names none.</summary>
    public string? Charset => HtmlType.Charset(ContentType);
}
