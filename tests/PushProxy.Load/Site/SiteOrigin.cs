using System.Globalization;
using System.Text;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Load.Site;

/// <summary>
/// A legacy site under <c>/site/</c>: a home page, a list and articles, with stylesheets, scripts, a font and images that are cached each
/// in their own way. It thinks before it answers with a page: as long as it was told, or as the query says (<c>?think=200</c>,
/// milliseconds).
/// <c>/site/broken</c> is a page one of whose stylesheets is answered with 500.
/// </summary>
internal sealed class SiteOrigin(TimeSpan think)
{
    /// <summary>The pages a load test views unless it is told otherwise.</summary>
    public static IReadOnlyList<string> Pages { get; } = ["/site/", "/site/list", "/site/article/1", "/site/article/2", "/site/article/3"];

    /// <summary>The folder of articles, of which there is one of each name.</summary>
    public const string Articles = "/site/article/";

    private const string Paragraph = "<p>The quick brown fox jumps over the lazy dog while the old server thinks about it.</p>\n";

    private static readonly Dictionary<string, byte[]> Content =
        new[] { "home", "list", "article", "broken" }.ToDictionary(static k => k, Page);

    /// <summary>Answers what is under <c>/site/</c>.</summary>
    public async Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!["/site/".Length..];
        if (path.StartsWith("assets/", StringComparison.Ordinal))
        {
            await AnswerAssetAsync(http, path["assets/".Length..]);
            return;
        }

        var kind = path switch
        {
            "" => "home",
            "list" => "list",
            "broken" => "broken",
            _ when path.StartsWith("article/", StringComparison.Ordinal) => "article",
            _ => null,
        };
        var pause = int.TryParse(http.Request.Query["think"], CultureInfo.InvariantCulture, out var asked)
            ? TimeSpan.FromMilliseconds(asked)
            : think;
        if (pause > TimeSpan.Zero)
        {
            await Task.Delay(pause, http.RequestAborted);
        }

        if (kind is null)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        // The list is made anew each time, as by a program that knows of no versions; the others can be validated.
        var validated = kind != "list";
        http.Response.Headers.CacheControl = validated ? "no-cache" : StringValues.Empty;
        await WriteAsync(http, "text/html; charset=utf-8", Content[kind], validated ? "\"1\"" : null);
    }

    private static async Task AnswerAssetAsync(HttpContext http, string name)
    {
        if (!SiteAsset.All.TryGetValue(name, out var asset))
        {
            http.Response.StatusCode = name == "broken.css" ? StatusCodes.Status500InternalServerError : StatusCodes.Status404NotFound;
            return;
        }

        http.Response.Headers.CacheControl = asset.CacheControl;
        await WriteAsync(http, asset.Type, asset.Body, asset.CacheControl is null ? null : "\"1\"", asset.CacheControl is null);
    }

    /// <summary>The body, or 304 if the client has it (RFC 9110 §13.2.2).</summary>
    private static Task WriteAsync(HttpContext http, string type, byte[] body, string? tag, bool dated = false)
    {
        var (request, response) = (http.Request.Headers, http.Response);
        var changed = SiteAsset.Changed.ToString("R", CultureInfo.InvariantCulture);
        response.Headers.ETag = tag;
        response.Headers.LastModified = dated ? changed : StringValues.Empty;
        if ((tag is not null && request.IfNoneMatch == tag) || (dated && request.IfModifiedSince == changed))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = type;
        response.ContentLength = body.Length;
        return response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Page(string kind)
    {
        var photos = Enumerable.Range(1, kind == "home" ? 8 : 3)
            .Select(static n => $"<img src=/site/assets/photo{n}.svg width=240 height=180 alt=\"\">");
        return Encoding.UTF8.GetBytes(
            $"""
             <!DOCTYPE html>
             <html lang=en><head><meta charset=utf-8><title>{kind}</title>
             <link rel=stylesheet href=/site/assets/framework.css>
             <link rel=stylesheet href=/site/assets/theme.css>
             <link rel=stylesheet href=/site/assets/{kind}.css>
             <script src=/site/assets/library.js></script>
             <script src=/site/assets/site.js></script>
             </head><body>
             <img src=/site/assets/logo.svg width=160 height=60 alt=Logo>
             {(kind == "home" ? "<img src=/site/assets/hero.svg width=1200 height=500 alt=Hero>" : "")}
             <h1>{kind}</h1>
             {string.Concat(Enumerable.Repeat(Paragraph, kind == "list" ? 500 : 250))}
             {string.Join('\n', photos)}
             <script src=/site/assets/counter.js async></script>
             </body></html>
             """);
    }
}
