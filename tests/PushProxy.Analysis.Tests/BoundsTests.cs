using System.Diagnostics;
using System.Text;

namespace PushProxy.Analysis.Tests;

/// <summary>Pages that want too much. Without the bounds the worst of them take minutes; with them, none takes half a second.</summary>
public class BoundsTests
{
    // For machines that do other things at the same time.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { "10,000 links", Repeat("<link rel=stylesheet href=a.css?$>", 10_000) },
        { "10,000 links elsewhere", Repeat("<link rel=stylesheet href=//cdn.test/a.css?$>", 10_000) },
        { "10,000 scripts", Repeat("<script src=a.js?$></script>", 10_000) },
        { "one sheet under 20,000 conditions", Repeat("<link rel=stylesheet href=a media='(min-width:$px)'>", 20_000) },
        { "100,000 nested div", Repeat("<div>", 100_000) },
        { "100,000 nested b", Repeat("<b>", 100_000) },
        { "formatting elements, all different", Repeat("<b a=$>", 50_000) },
        { "formatting elements reopened in every paragraph", Repeat("<p><b a=$></p>", 20_000) },
        { "nested lists", Repeat("<ul><li>", 50_000) },
        { "nested definition lists", Repeat("<dl><dt>", 50_000) },
        { "nested tables", Repeat("<table><tr><td>", 30_000) },
        { "misnested", Repeat("<b><i><u><a href=x>", 3000) + Repeat("<p></b></i></u></a>", 3000) },
        { "nested templates", Repeat("<template>", 50_000) },
        { "nested svg", Repeat("<svg>", 50_000) },
        { "text in a table", "<table>" + Repeat("x<!-- -->", 50_000) },
        { "end tags", "<body>" + Repeat("x</p></b>", 50_000) },
        { "attributes", $"<link {Repeat("a$=1 ", 100_000)}>" },
        { "attributes of html", Repeat("<html a$=1>", 30_000) },
        { "one long attribute", $"<link rel=stylesheet href='{new string('a', 900_000)}'>" },
        { "one long media", $"<link rel=stylesheet href=a.css media='{new string('(', 900_000)}'>" },
        { "one long rel", $"<link rel='{Repeat("a ", 400_000)}' href=a.css>" },
        { "one long path of dots", $"<link rel=stylesheet href='{Repeat("../", 300_000)}'>" },
        { "base and data", $"<base href='{new string('x', 500_000)}'><link rel=stylesheet href='data:,{new string('x', 400_000)}'>" },
        { "open comment", Repeat("<!--", 200_000) },
        { "NUL", new string('\0', 1_000_000) },
        { "character references", Repeat("&amp;&notit;&#x41;&#0;", 50_000) },
        { "5 MB of paragraphs", Repeat("<p>Lorem ipsum dolor sit amet</p>\n", 160_000) },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public void Bounded_in_time_and_results(string name, string html)
    {
        var watch = Stopwatch.StartNew();
        var analysis = Page.Analyze(html);
        Assert.True(watch.Elapsed < Limit, $"{name} took {watch.Elapsed}.");
        Assert.InRange(analysis.Resources.Count, 0, AnalysisOptions.Default.MaxResources);
        Assert.InRange(analysis.Skipped.Count, 0, AnalysisOptions.Default.MaxResources);
        Assert.All(analysis.Skipped, skipped => Assert.InRange(skipped.Url.Length, 0, AnalysisOptions.Default.MaxUrlLength));
    }

    [Fact]
    public void What_is_over_the_limit_is_named_as_such()
    {
        var analysis = Page.Analyze("<link rel=stylesheet href=1><link rel=stylesheet href=2><script src=3></script>", options: new() { MaxResources = 1 });
        Assert.Equal("/dir/1", Page.Paths(analysis));
        Assert.Equal(new SkippedResource("https://site.test/dir/2", AnalysisSkip.OverLimit), Assert.Single(analysis.Skipped));
    }

    [Fact]
    public void A_url_over_the_limit_is_left_out() =>
        Assert.Equal(AnalysisSkip.InvalidUrl, Assert.Single(Page.Analyze($"<script src={new string('a', 2048)}></script>").Skipped).Reason);

    [Fact]
    public void What_comes_behind_the_limit_of_bytes_is_not_looked_at() =>
        Assert.Empty(Page.Analyze(new string(' ', 2000) + "<script src=a.js></script>", options: new() { MaxBytes = 2000 }).Resources);

    [Fact]
    public void Warming_up_takes_the_steps_of_a_real_head_and_changes_nothing()
    {
        var analyzer = new PageAnalyzer();
        analyzer.WarmUp();
        var small = analyzer.AnalyzeSmallPage();
        Assert.Equal([ResourceKind.Style, ResourceKind.Script], small.Resources.Select(resource => resource.Kind));
        Assert.Equal("(min-width:1px)", small.Resources[0].Media);
        var html = Encoding.UTF8.GetBytes(SamplePage.Html(6000));
        Assert.Equal(
            new PageAnalyzer().Analyze(html, Page.Address, "utf-8", cancellation: TestContext.Current.CancellationToken).Resources,
            analyzer.Analyze(html, Page.Address, "utf-8", cancellation: TestContext.Current.CancellationToken).Resources);
    }

    [Fact]
    public void A_bound_out_of_range_is_refused() =>
        Assert.Throws<System.ComponentModel.DataAnnotations.ValidationException>(() => new PageAnalyzer(new() { MaxBytes = -1 }));

    [Fact]
    public void Analysis_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => new PageAnalyzer().Analyze(new byte[10], Page.Address, null, cancellation: cancelled.Token));
    }

    [Fact]
    public async Task Analysis_can_be_cancelled_while_it_runs()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(20));
        var html = Encoding.ASCII.GetBytes(Repeat("<p>Lorem ipsum</p>", 3_000_000));
        var analyzer = new PageAnalyzer(new() { MaxBytes = 64 << 20, MaxElements = 1_000_000 });
        var watch = Stopwatch.StartNew();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.Run(() => analyzer.Analyze(html, Page.Address, "utf-8", cancellation: soon.Token)));
        Assert.True(watch.Elapsed < Limit, $"It took {watch.Elapsed}.");
    }

    [Theory]
    [InlineData("ftp://site.test/")]
    [InlineData("file:///page.html")]
    [InlineData("relative")]
    public void A_page_has_an_http_url(string page) =>
        Assert.Throws<ArgumentException>(() => new PageAnalyzer().Analyze(default, new Uri(page, UriKind.RelativeOrAbsolute), null, cancellation: TestContext.Current.CancellationToken));

    // Each time with another number for "$".
    private static string Repeat(string text, int times) =>
        string.Concat(Enumerable.Range(0, times).Select(i => text.Replace("$", i.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)));
}
