using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>
/// Makes the header fields of the promised requests for one page. They are the fields by which the origin selects a variant, as the browser
/// would send them. The client must be able to match its own request to the promise (RFC 9113 §8.4).
/// </summary>
internal sealed class PromisedRequest(HttpRequest page, string? referer)
{
    // The fields that the browser would repeat in each request of the page.
    private static readonly string[] Repeated =
    [
        "Accept-Encoding", "Accept-Language", "User-Agent", "DNT", "Save-Data", "Sec-GPC",
        "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform",
    ];

    private static readonly string[] Credentials = ["Cookie", "Authorization"];

    private static readonly int Kinds = Enum.GetValues<ResourceKind>().Length;

    private readonly List<KeyValuePair<string, string>>?[] _byKind = new List<KeyValuePair<string, string>>?[2 * Kinds];

    /// <summary>Whether the client sends credentials: cookies or authorization.</summary>
    public bool HasCredentials { get; } = page.Headers.Cookie.Count > 0 || page.Headers.Authorization.Count > 0;

    /// <summary>Returns the fields for one resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="withCredentials">
    /// Whether the request has the client's credentials. Only what the client's own page names may be asked for in the client's name.
    /// </param>
    public List<KeyValuePair<string, string>> For(CriticalResource resource, bool withCredentials)
    {
        // Resources of one kind share the fields. Only the CORS mode of a stylesheet or script could differ, and that does not change the
        // variant.
        ref var fields = ref _byKind[(int)resource.Kind + (withCredentials ? Kinds : 0)];
        return fields ??= Make(resource, withCredentials);
    }

    /// <summary>Returns about how many bytes a promise with these fields takes.</summary>
    public static int SizeOf(List<KeyValuePair<string, string>> fields) => fields.Sum(static f => f.Key.Length + f.Value.Length + 4);

    private List<KeyValuePair<string, string>> Make(CriticalResource resource, bool withCredentials)
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

        if (referer is not null)
        {
            fields.Add(new("referer", referer));
        }

        if (page.Headers.ContainsKey("Sec-Fetch-Dest"))
        {
            fields.Add(new("sec-fetch-dest", PreloadLink.As(resource.Kind)));
            fields.Add(new("sec-fetch-mode", PreloadLink.CrossOrigin(resource) is null ? "no-cors" : "cors"));
            fields.Add(new("sec-fetch-site", "same-origin"));
        }

        return fields;
    }

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
