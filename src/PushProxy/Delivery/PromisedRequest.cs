using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>
/// Makes the header fields of the promised requests for one page. They are the fields by which the origin selects a variant, as the browser
/// would send them. The client must be able to match its own request to the promise (RFC 9113 §8.4).
/// </summary>
/// <param name="page">The request for the page.</param>
/// <param name="referrerPolicy">The page's referrer policy; null if it states none.</param>
internal sealed class PromisedRequest(HttpRequest page, string? referrerPolicy)
{
    // The fields that the browser would repeat in each request of the page.
    private static readonly string[] Repeated =
    [
        "Accept-Encoding", "Accept-Language", "User-Agent", "DNT", "Save-Data", "Sec-GPC",
        "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform",
    ];

    private static readonly string[] Credentials = ["Cookie", "Authorization"];

    /// <summary>The maximum length of a URL that is sent as Referer, in characters.</summary>
    private const int MaxReferer = 2048;

    // Resources of one kind mostly share the fields.
    private readonly Dictionary<(ResourceKind Kind, bool WithCredentials, bool IsCors, string? Policy), List<KeyValuePair<string, string>>>
        _made = [];

    /// <summary>Whether the client sends credentials: cookies or authorization.</summary>
    public bool HasCredentials { get; } = page.Headers.Cookie.Count > 0 || page.Headers.Authorization.Count > 0;

    /// <summary>Returns the fields for one resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="withCredentials">
    /// Whether the request has the client's credentials. Only what the client's own page names may be asked for in the client's name.
    /// </param>
    public List<KeyValuePair<string, string>> For(CriticalResource resource, bool withCredentials)
    {
        var policy = resource.ReferrerPolicy ?? referrerPolicy;
        var key = (resource.Kind, withCredentials, PreloadLink.CrossOrigin(resource) is not null, policy);
        if (!_made.TryGetValue(key, out var fields))
        {
            _made.Add(key, fields = Make(resource, withCredentials, policy));
        }

        return fields;
    }

    /// <summary>Returns about how many bytes a promise with these fields takes.</summary>
    public static int SizeOf(List<KeyValuePair<string, string>> fields) => fields.Sum(static f => f.Key.Length + f.Value.Length + 4);

    private List<KeyValuePair<string, string>> Make(CriticalResource resource, bool withCredentials, string? policy)
    {
        var fields = new List<KeyValuePair<string, string>>(16) { new("accept", Accept(resource.Kind)) };
        foreach (var name in withCredentials ? [.. Repeated, .. Credentials] : Repeated)
        {
            if (page.Headers.TryGetValue(name, out var values) && values.Count > 0)
            {
                // Cookie may come in several lines. A request over HTTP/1.1 needs them in one (RFC 9113 §8.2.3).
                fields.Add(new(name.ToLowerInvariant(), string.Join(name == "Cookie" ? "; " : ", ", (IEnumerable<string?>)values)));
            }
        }

        if (Referer(policy) is { } referer)
        {
            fields.Add(new("referer", referer));
        }

        // Browsers state the origin of every request in the mode "cors", of the page's own origin, too.
        var isCors = PreloadLink.CrossOrigin(resource) is not null;
        if (isCors)
        {
            fields.Add(new("origin", $"{page.Scheme}://{page.Host}"));
        }

        if (page.Headers.ContainsKey("Sec-Fetch-Dest"))
        {
            fields.Add(new("sec-fetch-dest", PreloadLink.As(resource.Kind)));
            fields.Add(new("sec-fetch-mode", isCors ? "cors" : "no-cors"));
            fields.Add(new("sec-fetch-site", "same-origin"));
        }

        return fields;
    }

    // What a request within the page's own origin says of the page (Referrer Policy §3, §8.4): all, its origin, or nothing.
    private string? Referer(string? policy) => policy switch
    {
        "no-referrer" => null,
        "origin" or "strict-origin" => $"{page.Scheme}://{page.Host}/",
        _ => UriHelper.GetEncodedUrl(page) is { Length: <= MaxReferer } url ? url : null,
    };

    /// <summary>
    /// Returns the Accept value that browsers send for each kind (the Fetch standard, "main fetch"). The browser said which image formats
    /// it accepts when it requested the page.
    /// </summary>
    private string Accept(ResourceKind kind) => kind switch
    {
        ResourceKind.Style => "text/css,*/*;q=0.1",
        ResourceKind.Image => AcceptImages(),
        _ => "*/*",
    };

    private string AcceptImages()
    {
        var formats = page.Headers.Accept.SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.TrimEntries))
            .Where(static type => type.StartsWith("image/", StringComparison.OrdinalIgnoreCase) && !type.Contains(';')
                && !type.EndsWith('*'))
            .ToList();
        return formats.Count == 0 ? "image/*,*/*;q=0.8" : string.Join(',', [.. formats, "image/svg+xml", "image/*", "*/*;q=0.8"]);
    }
}
