using System.Text;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace PushProxy.Analysis.Tests;

/// <summary>What holds for every page, however broken.</summary>
public class PropertyTests
{
    private static readonly string[] Pieces =
    [
        "<!DOCTYPE html>", "<html>", "<head>", "</head>", "<body>", "</body>", "<link rel=stylesheet href=a.css>", "<link rel=stylesheet href='b.css' media=print>",
        "<link rel=stylesheet media='(min-width:1px)' href=//site.test/c.css>", "<script src=a.js>", "</script>", "<script src=b.js async></script>",
        "<script src=c.js defer blocking=render></script>", "<script>", "<base href=/x/>", "<base href='http://['>", "<template>", "</template>",
        "<noscript>", "</noscript>", "<svg>", "</svg>", "<title>", "</title>", "<style>", "</style>", "<table>", "<tr>", "<td>", "</table>", "<p>", "</p>",
        "<b>", "</b>", "<a href=x>", "</a>", "<select>", "<frameset>", "<img src=x>", "<!--", "-->", "<![CDATA[", "]]>", "text", "&amp;", "\0", "<", ">", "'", "\"",
        "=", "<link rel=stylesheet href=\"", "<script src='ä?ö\r\n: x", "<plaintext>", "<textarea>", "<math>", "<foreignObject>", "<meta charset=utf-16>",
    ];

    private static Arbitrary<string> Html => Gen.Elements(Pieces).ArrayOf().Select(string.Concat).ToArbitrary();

    [Property(MaxTest = 1000)]
    public Property No_bytes_make_it_fail() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<string>(), (bytes, charset) => AreInBounds(new PageAnalyzer().Analyze(bytes, Page.Address, charset)));

    [Property(MaxTest = 2000)]
    public Property No_page_makes_it_fail() => Prop.ForAll(Html, html => AreInBounds(Page.Analyze(html)));

    [Property(MaxTest = 2000)]
    public Property The_head_alone_gives_no_more_than_the_page() =>
        Prop.ForAll(Html, html => Urls(Page.Analyze(html, PageScope.Head)).IsSubsetOf(Urls(Page.Analyze(html))));

    [Property(MaxTest = 100)]
    public Property A_page_cut_short_gives_no_more_than_the_page() =>
        Prop.ForAll(Html, html =>
        {
            var bytes = Encoding.UTF8.GetBytes(html);
            return new[] { PageScope.Head, PageScope.WholePage }.All(scope =>
            {
                var all = Urls(Page.Analyze(html, scope));
                return Enumerable.Range(0, bytes.Length).All(length => Urls(new PageAnalyzer().Analyze(bytes.AsMemory(0, length), Page.Address, "utf-8", scope)).IsSubsetOf(all));
            });
        });

    [Property(MaxTest = 2000)]
    public Property Every_url_can_go_into_a_header(string path) =>
        Prop.ToProperty(AreInBounds(Page.Analyze($"<link rel=stylesheet href=\"{path}\"><script src='{path}'></script>")));

    [Fact]
    public void A_real_page_cut_at_any_byte_gives_what_came_before_the_cut()
    {
        var bytes = Encoding.UTF8.GetBytes(SamplePage.Html(6000));
        var analyzer = new PageAnalyzer();
        foreach (var scope in Enum.GetValues<PageScope>())
        {
            var before = 0;
            for (var length = 0; length <= bytes.Length; length++)
            {
                var found = Urls(analyzer.Analyze(bytes.AsMemory(0, length), Page.Address, null, scope, cancellation: TestContext.Current.CancellationToken)).Count;
                Assert.InRange(found, before, SamplePage.Critical);
                before = found;
            }

            Assert.Equal(SamplePage.Critical, before);
        }
    }

    [Fact]
    public void One_analyzer_serves_many_threads()
    {
        var analyzer = new PageAnalyzer();
        Parallel.For(0, 2000, i =>
        {
            var html = Encoding.UTF8.GetBytes($"<link rel=stylesheet href=/{i}.css><script src=/{i}.js></script>");
            Assert.Equal($"/{i}.css /{i}.js", Page.Paths(analyzer.Analyze(html, Page.Address, null)));
        });
    }

    private static HashSet<string> Urls(PageAnalysis analysis) => [.. analysis.Resources.Select(resource => $"{resource.Kind} {resource.Url.OriginalString}")];

    private static bool AreInBounds(PageAnalysis analysis) =>
        analysis.Resources.Count <= 64 && analysis.Skipped.Count <= 64
        && analysis.Resources.All(resource => IsHeaderSafe(resource.Url.OriginalString) && resource.Url.AbsoluteUri == resource.Url.OriginalString
            && resource.Url.OriginalString.StartsWith("https://site.test/", StringComparison.Ordinal)
            && resource.Url.OriginalString == "https://site.test" + resource.Url.PathAndQuery
            && (resource.Media ?? "").All(c => c is >= ' ' and < '\x7f' and not '"' and not '\\'))
        && analysis.Skipped.All(skipped => IsHeaderSafe(skipped.Url));

    private static bool IsHeaderSafe(string url) => url.All(c => c is > ' ' and < '\x7f' and not ('"' or '<' or '>'));
}
