using System.Text;

namespace PushProxy.Analysis.Tests;

/// <summary>Short words for the tests: a page in, what is critical and what is skipped out, as paths on https://site.test.</summary>
internal static class Page
{
    public static readonly Uri Address = new("https://site.test/dir/page.html?q=1");

    public static PageAnalysis Analyze(string html, PageScope scope = PageScope.WholePage, AnalysisOptions? options = null) =>
        new PageAnalyzer(options).Analyze(Encoding.UTF8.GetBytes(html), Address, "utf-8", scope);

    /// <summary>The critical resources, in order: paths on the page's own site.</summary>
    public static string Critical(string html) => Paths(Analyze(html));

    public static string Paths(PageAnalysis analysis) => string.Join(' ', analysis.Resources.Select(resource => PathOf(resource.Url.OriginalString)));

    /// <summary>What is skipped, as <c>path:reason</c>.</summary>
    public static string Skipped(string html) =>
        string.Join(' ', Analyze(html).Skipped.Select(skipped => $"{PathOf(skipped.Url)}:{skipped.Reason}"));

    private static string PathOf(string url) => url.Replace("https://site.test/", "/", StringComparison.Ordinal);
}
