using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Delivery;

/// <summary>Writes a resource as a preload link (RFC 8288 §3, HTML §4.6.8.18).</summary>
internal static class PreloadLink
{
    /// <summary>
    /// Writes the link. Its target is an absolute path, because a relative one would resolve against the page's URL and not its base URL.
    /// crossorigin and integrity repeat what the element will request. If they differ, the browser downloads the resource twice.
    /// </summary>
    public static string Format(CriticalResource resource)
    {
        var link = new StringBuilder(64).Append('<').Append(resource.Url.PathAndQuery).Append(">; rel=preload; as=")
            .Append(As(resource.Kind));
        switch (resource.CrossOrigin)
        {
            case CrossOriginMode.Anonymous:
                link.Append("; crossorigin");
                break;
            case CrossOriginMode.UseCredentials:
                link.Append("; crossorigin=use-credentials");
                break;
            default:
                // A font is always fetched in CORS mode (CSS Fonts 4 §4.8.1).
                link.Append(resource.Kind == ResourceKind.Font ? "; crossorigin" : "");
                break;
        }

        Append(link, "type", resource.Type);
        Append(link, "media", resource.Media);
        Append(link, "imagesrcset", resource.ImageSrcSet);
        Append(link, "imagesizes", resource.ImageSizes);
        Append(link, "integrity", resource.Integrity);
        Append(link, "fetchpriority", resource.FetchPriority);
        Append(link, "referrerpolicy", resource.ReferrerPolicy);
        return link.ToString();
    }

    /// <summary>Writes an origin as a preconnect link (HTML §4.6.8.17).</summary>
    public static string Preconnect(PreconnectOrigin origin) =>
        $"<{origin.Origin}>; rel=preconnect{(origin.CrossOrigin == CrossOriginMode.Anonymous ? "; crossorigin" : "")}";

    public static string As(ResourceKind kind) => kind switch
    {
        ResourceKind.Style => "style",
        ResourceKind.Script => "script",
        ResourceKind.Font => "font",
        ResourceKind.Image => "image",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    public static string? CrossOrigin(CriticalResource resource) => resource.CrossOrigin switch
    {
        CrossOriginMode.UseCredentials => "use-credentials",
        CrossOriginMode.Anonymous => "anonymous",
        _ => resource.Kind == ResourceKind.Font ? "anonymous" : null,
    };

    // quoted-string (RFC 9110 §5.6.4).
    private static void Append(StringBuilder link, string name, string? value)
    {
        if (value is not null)
        {
            link.Append("; ").Append(name).Append("=\"").Append(value.Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
        }
    }
}
