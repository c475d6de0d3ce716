using PushProxy.Model;

namespace PushProxy.Inspection;

/// <summary>
/// What somebody asks for: an absolute URL; a path, which begins with a slash, of any host; or any part of a URL. Of a URL and of a path,
/// pages are found without the query string, and resources with it.
/// </summary>
internal sealed class PageQuestion
{
    private const string AfterScheme = "://";

    private readonly Uri? _url;
    private readonly string _authority = "";
    private readonly string _path = "";

    /// <param name="text">What was asked for; not empty.</param>
    public PageQuestion(string text)
    {
        Text = text.Trim();
        var rest = Text.Split('?', '#')[0];
        if (Uri.TryCreate(Text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
        {
            // Neither pages nor resources have a fragment. Pages are known by what clients have written, so this is not changed.
            _url = new Uri(url.GetLeftPart(UriPartial.Query));
            rest = rest[(rest.IndexOf(AfterScheme, StringComparison.Ordinal) is >= 0 and var at ? at + AfterScheme.Length : 0)..];
            var slash = rest.IndexOf('/', StringComparison.Ordinal);
            (_authority, _path) = slash < 0 ? (rest, "/") : (rest[..slash], rest[slash..]);
        }
        else if (Text.StartsWith('/'))
        {
            _path = rest;
        }
    }

    /// <summary>What was asked for.</summary>
    public string Text { get; }

    public bool Means(PageKey page) =>
        _url is not null ? (page.Path == _path || page.Path == _url.AbsolutePath)
            && (page.Authority.Equals(_authority, StringComparison.OrdinalIgnoreCase)
                || page.Authority.Equals(_url.Authority, StringComparison.OrdinalIgnoreCase))
        : _path.Length > 0 ? page.Path == _path
        : (page.Authority + page.Path).Contains(Text, StringComparison.OrdinalIgnoreCase);

    // Of many, few are meant: what costs memory comes last.
    public bool Means(Uri resource) =>
        _url is not null ? resource.AbsoluteUri == _url.AbsoluteUri
        : _path.Length > 0 ? resource.AbsoluteUri.EndsWith(Text, StringComparison.Ordinal) && resource.PathAndQuery == Text
        : resource.AbsoluteUri.Contains(Text, StringComparison.OrdinalIgnoreCase);

    /// <param name="leftOut">As the analysis keeps it: an absolute URL, or the text in the page, cut.</param>
    public bool Means(string leftOut) =>
        _url is not null ? leftOut == _url.AbsoluteUri
        : _path.Length > 0 ? leftOut == Text || (Uri.TryCreate(leftOut, UriKind.Absolute, out var url) && url.PathAndQuery == Text)
        : leftOut.Contains(Text, StringComparison.OrdinalIgnoreCase);
}
