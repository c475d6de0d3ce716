using System.Net;
using PushProxy.Testing;
using PushProxy.Testing.Clients;

namespace PushProxy.EndToEnd.Early;

/// <summary>A client that comes from an address of its own.</summary>
/// <param name="site">What it visits.</param>
/// <param name="address">Where it comes from: any address of 127.0.0.0/8.</param>
public sealed class Stranger(EarlySite site, string address)
{
    /// <summary>
    /// Views a page over a new HTTP/2 connection, as a browser would that has nothing of it, and then asks for some resources.
    /// </summary>
    /// <param name="page">The path of the page.</param>
    /// <param name="fields">Further request header fields, each as <c>name: value</c>.</param>
    /// <param name="assets">The path of each resource, and what the request says it is for.</param>
    public async Task<PageAndCookie> ViewAsync(string page, string[] fields, params (string Path, string For)[] assets)
    {
        using var client = new HttpClient(Http2Client.NewHandler(IPAddress.Parse(address)));
        var seen = await AskAsync(client, page, ["accept: text/html", "sec-fetch-dest: document", "sec-fetch-mode: navigate", .. fields]);
        foreach (var (path, purpose) in assets)
        {
            await AskAsync(client, path, ["sec-fetch-dest: " + purpose, "sec-fetch-mode: no-cors", $"referer: {site.Url(page)}", .. fields]);
        }

        return seen;
    }

    /// <summary>Views a page, and nothing else.</summary>
    public Task<PageAndCookie> ViewAsync(string page, params string[] fields) => ViewAsync(page, fields, []);

    /// <summary>Views a page, each time over a new connection, until it is known and all that it names may be told.</summary>
    public async Task UntilLearnedAsync(string page)
    {
        var decision = "";
        await Eventually.TrueAsync(
            async () => (decision = (await ViewAsync(page)).Decision).StartsWith("learned", StringComparison.Ordinal),
            () => $"{page} was never learned; at last it said '{decision}'.");
    }

    private async Task<PageAndCookie> AskAsync(HttpClient client, string path, string[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Url(path))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(field[..colon], field[(colon + 1)..].Trim());
        }

        using var response = await client.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();
        var all = response.Headers.NonValidated;
        return new PageAndCookie(
            all.TryGetValues("PushProxy-Decision", out var decision) ? decision.ToString() : "",
            all.TryGetValues("Link", out var link) ? link.ToString() : "",
            all.TryGetValues("Set-Cookie", out var cookie) ? cookie.ToString().Split(';')[0] : "");
    }
}

/// <summary>What came with a page.</summary>
/// <param name="Decision">What the debug header says.</param>
/// <param name="Link">Its Link fields.</param>
/// <param name="Cookie">The cookie it sets; empty if it sets none.</param>
public sealed record PageAndCookie(string Decision, string Link, string Cookie);
