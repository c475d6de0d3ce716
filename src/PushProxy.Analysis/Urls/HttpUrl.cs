using System.Text;

namespace PushProxy.Analysis.Urls;

/// <summary>
/// An http or https URL as the URL standard parses and serialises it (https://url.spec.whatwg.org/), without fragment: what
/// a browser puts on the wire. <see cref="Uri"/> parses by RFC 3986 and differs where it hurts: it leaves <c>\</c>, tabs and
/// <c>%2e</c> alone in places where a browser does not, and it decodes escapes that a browser keeps.
/// </summary>
internal sealed record HttpUrl(string Scheme, string Host, string Port, string Path, string? Query)
{
    /// <summary>The URL in full; ASCII, and without a character that would end it in a header.</summary>
    public string Href => Origin + PathAndQuery;

    /// <summary>Scheme, host and port, the port only where it is not the scheme's own.</summary>
    public string Origin => Port.Length == 0 ? $"{Scheme}://{Host}" : $"{Scheme}://{Host}:{Port}";

    private string PathAndQuery => Query is null ? Path : $"{Path}?{Query}";

    /// <summary>Whether both are of one origin (HTML §7.1.1).</summary>
    public bool SameOrigin(HttpUrl other) => Scheme == other.Scheme && Host == other.Host && Port == other.Port;

    /// <summary>
    /// This as a <see cref="Uri"/> that gives back exactly what it was made of; by default <see cref="Uri"/> would rewrite
    /// path and query.
    /// </summary>
    public Uri ToUri() => new(Href, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });

    /// <summary>Reads an absolute URL; null if it is invalid, or not http or https.</summary>
    public static HttpUrl? ParseAbsolute(string text) => HttpUrlParser.Parse(text, null, Encoding.UTF8).Url;
}

/// <summary>What became of an attribute that should hold a URL.</summary>
/// <param name="Url">The URL, when it is a valid http or https one.</param>
/// <param name="OtherScheme">It has another scheme, such as <c>data:</c>.</param>
internal readonly record struct UrlResult(HttpUrl? Url, bool OtherScheme = false)
{
    /// <summary>Not a URL.</summary>
    public static UrlResult Invalid => default;
}
