using System.Text.RegularExpressions;
using AngleSharp;
using AngleSharp.Dom;
using AngleSharp.Html.Parser;

namespace PushProxy.Server.Tests.Demo;

/// <summary>What a page or a stylesheet names, as a browser would resolve it.</summary>
internal static partial class DemoCrawl
{
    /// <summary>Reads a page; anything the HTML standard calls a parse error is an exception here.</summary>
    public static async Task<IDocument> ParseAsync(Uri address, string html)
    {
        var parser = new HtmlParser(new HtmlParserOptions { IsStrictMode = true }, BrowsingContext.New());
        parser.ParseDocument(html);
        return await BrowsingContext.New(AngleSharp.Configuration.Default).OpenAsync(response => response.Address(address).Content(html));
    }

    public static IEnumerable<Uri> ResourcesOf(IDocument page)
    {
        var larger = page.QuerySelectorAll("img[srcset]").SelectMany(image => image.GetAttribute("srcset")!.Split(','));
        return Named(page, "link", "href").Concat(Named(page, "script", "src")).Concat(Named(page, "img", "src"))
            .Concat(larger.Select(candidate => Resolve(page, candidate.Trim().Split(' ')[0])));
    }

    public static IEnumerable<Uri> PagesLinkedFrom(IDocument page) => Named(page, "a", "href").Concat(Named(page, "form", "action"));

    private static IEnumerable<Uri> Named(IDocument page, string element, string attribute) =>
        page.QuerySelectorAll($"{element}[{attribute}]").Select(found => Resolve(page, found.GetAttribute(attribute)!));

    private static Uri Resolve(IDocument page, string reference) => new(new Uri(page.BaseUri), reference);

    public static IEnumerable<Uri> ResourcesOf(Uri stylesheet, string css) =>
        CssUrl().Matches(css).Select(match => new Uri(stylesheet, match.Groups["url"].Value));

    [GeneratedRegex("url\\(\"?(?<url>[^\")]+)\"?\\)")]
    private static partial Regex CssUrl();
}
