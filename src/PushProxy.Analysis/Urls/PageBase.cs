using System.Text;
using AngleSharp.Dom;

namespace PushProxy.Analysis.Urls;

/// <summary>
/// The document base URL as it is at one point of the page: the page's own URL, until a base element with an
/// <c>href</c> comes by (HTML §2.4.3, §4.2.3). A browser resolves the URL of what came before it without it.
/// </summary>
internal sealed class PageBase(HttpUrl page, Encoding encoding, int maxLength)
{
    private UrlResult _base = new(page);
    private bool _frozen;

    /// <summary>
    /// Whether the document makes its http URLs https (<c>upgrade-insecure-requests</c>, Upgrade Insecure Requests §3.2).
    /// </summary>
    public bool UpgradesInsecure { get; set; }

    /// <summary>A base element; the first one with an <c>href</c> counts, even if that can't be used.</summary>
    public void Add(IElement element)
    {
        if (_frozen || element.GetAttribute("href") is not { } href)
        {
            return;
        }

        _frozen = true;
        var parsed = href.Length > maxLength ? UrlResult.Invalid : HttpUrlParser.Parse(href, page, encoding);
        if (parsed.Url is not null)
        {
            _base = parsed;
        }
        else if (parsed.OtherScheme && !IsRefused(href))
        {
            _base = parsed;
        }
    }

    /// <summary>Resolves an attribute's value. Empty and white space name nothing.</summary>
    public UrlResult Resolve(string attribute)
    {
        var result = ResolveAsWritten(attribute);
        return UpgradesInsecure && result.Url is { Scheme: "http" } insecure ? new(insecure with { Scheme = "https" }) : result;
    }

    private UrlResult ResolveAsWritten(string attribute)
    {
        if (attribute.Length > maxLength * 2 && !attribute.AsSpan().TrimStart().StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return UrlResult.Invalid;
        }

        if (attribute.AsSpan().Trim(" \t\n\f\r").IsEmpty)
        {
            return UrlResult.Invalid;
        }

        if (_base.Url is not null)
        {
            return HttpUrlParser.Parse(attribute, _base.Url, encoding);
        }

        // Under a base such as "ftp://host/" only absolute URLs lead to the web.
        var absolute = HttpUrlParser.Parse(attribute, null, encoding);
        return absolute.Url is null ? new(null, OtherScheme: true) : absolute;
    }

    // HTML §4.2.3, "set the frozen base URL": these fall back to the page's own URL.
    private static bool IsRefused(string href)
    {
        var text = href.AsSpan().Trim(UrlText.ControlsAndSpace);
        return text.StartsWith("data:", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase);
    }
}
