using System.Net;
using PushProxy.Testing;
using PushProxy.Testing.Clients;

namespace PushProxy.EndToEnd.Delivery;

/// <summary>Asks for pages over HTTP/2 and HTTP/1.1 and looks at their Link fields.</summary>
public sealed class PageRequests : IDisposable
{
    private readonly HttpClient _client = new(Http2Client.NewHandler()) { Timeout = TimeSpan.FromSeconds(60) };

    /// <summary>GETs a URL.</summary>
    public async Task<PageResponse> GetAsync(Uri url, string version = "2.0", string? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, url)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.Host = host;
        using var response = await _client.SendAsync(request);
        return new PageResponse(
            response.StatusCode,
            [.. Values(response, "Link").SelectMany(LinkValue.Parse)],
            Values(response, "PushProxy-Decision").SingleOrDefault() ?? "",
            Values(response, "Link").Sum(v => v.Length));
    }

    /// <summary>Asks again until the preloads are these targets, in this order: learning is beside the request path.</summary>
    /// <param name="url">The page.</param>
    /// <param name="targets">What is to be preloaded.</param>
    /// <param name="alsoAskFor">A resource to ask for after each view, as a browser would.</param>
    public async Task UntilPreloadsAsync(Uri url, string[] targets, string? alsoAskFor = null)
    {
        string[] seen = [];
        await Eventually.TrueAsync(
            async () =>
            {
                // Each time another client, because one alone teaches nothing about what others are sent.
                using var client = new PageRequests();
                seen = [.. (await client.GetAsync(url)).Preloads];
                if (alsoAskFor is not null)
                {
                    await GetAsync(new Uri(url, alsoAskFor));
                }

                return seen.SequenceEqual(targets);
            },
            () => $"{url} never came with preloads of [{string.Join(", ", targets)}], at last with [{string.Join(", ", seen)}].");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static string[] Values(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? [.. values] : [];
}

/// <summary>What came with a page.</summary>
/// <param name="Status">Its status.</param>
/// <param name="Links">All its Link values.</param>
/// <param name="Decision">What the debug header says.</param>
/// <param name="LinkBytes">The length of all Link fields.</param>
public sealed record PageResponse(HttpStatusCode Status, IReadOnlyList<LinkValue> Links, string Decision, int LinkBytes)
{
    /// <summary>The targets of its preloads.</summary>
    public IEnumerable<string> Preloads => Links.Where(l => l.IsPreload).Select(l => l.Target);
}
