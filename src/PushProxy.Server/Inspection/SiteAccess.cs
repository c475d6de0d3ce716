using System.Collections.Concurrent;
using System.Net;

namespace PushProxy.Server.Inspection;

/// <summary>How the sites of pages to inspect are reached, and what they are told of who asks.</summary>
/// <param name="Insecure">Whether any certificate is accepted.</param>
/// <param name="Fields">Header fields of requests to the sites of the pages. Others are not sent them: they may be secrets.</param>
/// <param name="Host">Host and port, by which the pages are asked for instead of those in their URLs; null: those in the URLs.</param>
internal sealed record SiteAccess(bool Insecure, IReadOnlyList<KeyValuePair<string, string>> Fields, string? Host)
{
    private readonly ConcurrentDictionary<string, DnsEndPoint?> _sites = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Nothing special.</summary>
    public static SiteAccess Plain(bool insecure) => new(insecure, [], null);

    /// <summary>Notes that a page will be asked for.</summary>
    /// <param name="url">Where to connect.</param>
    /// <returns>The page as its site knows it.</returns>
    public Uri Enter(Uri url)
    {
        var page = Host is null ? url : new Uri($"{url.Scheme}://{Host}{url.PathAndQuery}");
        _sites[SiteOf(page)] = Host is null ? null : new DnsEndPoint(url.Host, url.Port);
        return page;
    }

    /// <summary>Whether the fields may be sent with a request.</summary>
    public bool IsSite(Uri url) => _sites.ContainsKey(SiteOf(url));

    /// <summary>Returns where to connect for a request instead of to the host in its URL; null: nowhere else.</summary>
    public DnsEndPoint? AddressOf(Uri url) => _sites.GetValueOrDefault(SiteOf(url));

    // With the scheme: what is meant for https is not sent in the clear.
    private static string SiteOf(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
