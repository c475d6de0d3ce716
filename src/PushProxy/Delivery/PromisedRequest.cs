using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>
/// The header fields of promised requests for one page: those by which the origin picks a variant, as the browser would send them
/// (RFC 9113 §8.4: the client must be able to match its own request to the promise).
/// </summary>
internal sealed class PromisedRequest(HttpRequest page, string? referer)
{
    // What the browser would repeat in each request of the page.
    private static readonly string[] Repeated =
    [
        "Accept-Encoding", "Accept-Language", "User-Agent", "Cookie", "Authorization", "DNT", "Save-Data", "Sec-GPC",
        "Sec-CH-UA", "Sec-CH-UA-Mobile", "Sec-CH-UA-Platform",
    ];

    private readonly List<KeyValuePair<string, string>>?[] _byKind =
        new List<KeyValuePair<string, string>>?[Enum.GetValues<ResourceKind>().Length];

    /// <summary>The fields for one resource.</summary>
    public List<KeyValuePair<string, string>> For(CriticalResource resource)
    {
        // Among resources of one kind only a stylesheet's or script's CORS mode could differ, and that changes no variant.
        ref var fields = ref _byKind[(int)resource.Kind];
        return fields ??= Make(resource);
    }

    /// <summary>Bytes that a promise with these fields takes, about.</summary>
    public static int SizeOf(List<KeyValuePair<string, string>> fields) => fields.Sum(static f => f.Key.Length + f.Value.Length + 4);

    private List<KeyValuePair<string, string>> Make(CriticalResource resource)
    {
        var fields = new List<KeyValuePair<string, string>>(16) { new("accept", Accept(resource.Kind)) };
        foreach (var name in Repeated)
        {
            if (page.Headers.TryGetValue(name, out var values) && values.Count > 0)
            {
                // Cookie may come in several lines; in a request of HTTP/1.1 they are one again (RFC 9113 §8.2.3).
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
    /// What browsers send for each kind (the Fetch standard, "main fetch"). Which image formats this one takes it has said
    /// when it asked for the page.
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
