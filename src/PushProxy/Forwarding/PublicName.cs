using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Forwarding;

/// <summary>
/// Rewrites what a response's header fields say of the destination to what its client knows: the scheme, authority and path of the request.
/// It does what Apache's <c>ProxyPassReverse</c> and <c>ProxyPassReverseCookieDomain</c> do.
/// </summary>
internal sealed class PublicName
{
    private const string Refreshing = "Refresh";

    private readonly HttpRequest _request;
    private readonly Uri _destination;
    private readonly string _destinationPath;
    private readonly string _publicPath;

    /// <param name="request">The client's request.</param>
    /// <param name="destination">The URL that the origin was asked for.</param>
    public PublicName(HttpRequest request, Uri destination)
    {
        (_request, _destination) = (request, destination);
        var forwarded = PathString.FromUriComponent(destination.AbsolutePath);
        (_publicPath, _destinationPath) = Prefixes(request.Path.Value ?? "", forwarded.Value ?? "");
    }

    /// <summary>Rewrites the fields of the response to a request.</summary>
    /// <param name="http">The request; its response has the origin's fields.</param>
    /// <param name="destination">The URL that the origin was asked for.</param>
    public static void Rewrite(HttpContext http, Uri destination)
    {
        // Each response comes here, and most have none of these. The server finds the known ones without a search.
        var headers = http.Response.Headers;
        if (headers.Location.Count + headers.ContentLocation.Count + headers.Link.Count + headers.SetCookie.Count == 0
            && !headers.ContainsKey(Refreshing))
        {
            return;
        }

        // Header fields that have left can't be set, not even to what they are.
        var name = new PublicName(http.Request, destination);
        if (Changed(headers.Location, name.Url) is { } location)
        {
            headers.Location = location;
        }

        if (Changed(headers.ContentLocation, name.Url) is { } contentLocation)
        {
            headers.ContentLocation = contentLocation;
        }

        if (Changed(headers.Link, name.Link) is { } link)
        {
            headers.Link = link;
        }

        if (Changed(headers.SetCookie, name.Cookie) is { } cookies)
        {
            headers.SetCookie = cookies;
        }

        if (headers.TryGetValue(Refreshing, out var refresh) && Changed(refresh, name.Refresh) is { } refreshed)
        {
            headers[Refreshing] = refreshed;
        }
    }

    /// <summary>Returns whether a URL's authority is a destination's.</summary>
    /// <param name="authority">Host, and port if there is one.</param>
    /// <param name="scheme">The URL's scheme, which says the port if there is none.</param>
    /// <param name="destination">The destination.</param>
    public static bool Names(ReadOnlySpan<char> authority, ReadOnlySpan<char> scheme, Uri destination)
    {
        if (!authority.StartsWith(destination.Host, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var port = authority[destination.Host.Length..];
        return port.IsEmpty
            ? destination.IsDefaultPort || destination.Port == (scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80)
            : port[0] == ':' && int.TryParse(port[1..], out var number) && number == destination.Port;
    }

    /// <summary>Rewrites a URL (<c>Location</c>, <c>Content-Location</c>). What does not name the destination stays as it is.</summary>
    public string Url(string url)
    {
        var at = url.IndexOf("//", StringComparison.Ordinal);
        var scheme = at < 0 ? "" : url[..at].TrimEnd(':');
        if (at < 0 || (at > 0 && !scheme.StartsWith("http", StringComparison.OrdinalIgnoreCase))
            || url.AsSpan(0, at).ContainsAny('/', '?', '#'))
        {
            // A path alone is the destination's, too, if that has a path of its own.
            return _destinationPath.Length > 0 && url.StartsWith('/') ? Rooted(Path(url)) : url;
        }

        var end = url.AsSpan(at + 2).IndexOfAny('/', '?', '#') is >= 0 and var length ? at + 2 + length : url.Length;
        var (authority, rest) = (url[(at + 2)..end], url[end..]);
        var isPublic = IsPublic(authority);
        if (isPublic && !_request.IsHttps && scheme.Equals("https", StringComparison.OrdinalIgnoreCase))
        {
            // To https, where the origin has the public name itself.
            return url;
        }

        if (Names(authority, scheme, _destination))
        {
            if (!_request.Host.HasValue)
            {
                return Rooted(Path(rest));
            }

            return $"{_request.Scheme}://{_request.Host.Value}{Path(rest)}";
        }

        // An origin that is asked over http takes that for the scheme of the site. Where the client is already, nothing leads it.
        return _request.IsHttps && scheme.Equals("http", StringComparison.OrdinalIgnoreCase)
            && isPublic && (_request.Host.Port is not null || !IsAsked(rest)) ? $"https://{_request.Host.Value}{rest}" : url;
    }

    private bool IsPublic(string authority) => authority.Equals(_request.Host.Value, StringComparison.OrdinalIgnoreCase)
        || (_request.Host.Port is null && authority.Equals(_request.Host.Host + ":80", StringComparison.OrdinalIgnoreCase));

    /// <summary>Rewrites the URL of a <c>Refresh</c> field (HTML §4.2.5.3): <c>5; url=…</c>.</summary>
    public string Refresh(string value)
    {
        var name = value.IndexOf("url", StringComparison.OrdinalIgnoreCase);
        var at = name < 0 ? -1 : value.IndexOf('=', name);
        if (at < 0 || !value.AsSpan(name + 3, at - name - 3).IsWhiteSpace())
        {
            return value;
        }

        var url = value[(at + 1)..].Trim();
        var quote = url.Length > 0 && url[0] is '"' or '\'' ? url[..1] : "";
        var bare = quote.Length == 0 ? url : url[1..].TrimEnd(quote[0]);
        return Url(bare) is var rewritten && rewritten == bare ? value : $"{value[..(at + 1)]}{quote}{rewritten}{quote}";
    }

    /// <summary>Rewrites the targets of a <c>Link</c> field (RFC 8288 §3).</summary>
    public string Link(string value)
    {
        var (isQuoted, from) = (false, 0);
        var rewritten = new StringBuilder();
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (value[i] == '\\' && isQuoted)
            {
                i++;
            }
            else if (value[i] == '<' && !isQuoted)
            {
                var end = value.IndexOf('>', i);
                if (end < 0)
                {
                    break;
                }

                rewritten.Append(value, from, i + 1 - from).Append(Url(value[(i + 1)..end]));
                (from, i) = (end, end);
            }
        }

        return rewritten.Append(value, from, value.Length - from).ToString();
    }

    /// <summary>
    /// Rewrites a <c>Set-Cookie</c> field (RFC 6265 §4.1): a <c>Domain</c> that is the destination goes, so that the cookie is the public
    /// host's, and a <c>Path</c> below the destination's own becomes the public one.
    /// </summary>
    public string Cookie(string value)
    {
        var parts = value.Split(';');
        var kept = new List<string>(parts.Length) { parts[0] };
        foreach (var part in parts.Skip(1))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            var (name, content) = at < 0 ? (part.Trim(), "") : (part[..at].Trim(), part[(at + 1)..].Trim());
            var isDestinations = name.Equals("Domain", StringComparison.OrdinalIgnoreCase)
                && content.TrimStart('.').Equals(_destination.Host, StringComparison.OrdinalIgnoreCase)
                && !_request.Host.Host.Equals(_destination.Host, StringComparison.OrdinalIgnoreCase);
            if (!isDestinations)
            {
                kept.Add(
                    name.Equals("Path", StringComparison.OrdinalIgnoreCase) && _destinationPath.Length > 0
                        && Rooted(Path(content)) is var path && path != content ? $" {name}={path}" : part);
            }
        }

        return string.Join(';', kept);
    }

    private bool IsAsked(string rest) =>
        Rooted(rest.Split('#')[0]) == _request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;

    // An application that knows of the public path says so itself.
    private string Path(string path) =>
        _destinationPath.Length == 0 && _publicPath.Length > 0 && IsBelow(path, _publicPath) ? path
        : IsBelow(path, _destinationPath) ? _publicPath + path[_destinationPath.Length..]
        : path;

    private static bool IsBelow(string path, string prefix) => path.StartsWith(prefix, StringComparison.Ordinal)
        && (path.Length == prefix.Length || path[prefix.Length] is '/' or '?' or '#');

    // Two slashes would begin the name of another host.
    private static string Rooted(string path) => "/" + path.TrimStart('/', '\\');

    // What the paths, decoded, begin with, before what they end with alike. A route may add to a path or take from it.
    private static (string Public, string Destination) Prefixes(string asked, string forwarded)
    {
        var (i, j) = (asked.Length, forwarded.Length);
        var (at, to) = (i, j);
        while (i > 0 && j > 0 && asked[i - 1] == forwarded[j - 1])
        {
            i--;
            j--;
            if (asked[i] == '/')
            {
                (at, to) = (i, j);
            }
        }

        return (new PathString(asked[..at].TrimEnd('/')).ToUriComponent(), new PathString(forwarded[..to].TrimEnd('/')).ToUriComponent());
    }

    private static StringValues? Changed(StringValues values, Func<string, string> rewrite)
    {
        string?[]? all = null;
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is { } value && rewrite(value) is var rewritten && rewritten != value)
            {
                (all ??= [.. values])[i] = rewritten;
            }
        }

        return all is null ? (StringValues?)null : new StringValues(all);
    }
}
