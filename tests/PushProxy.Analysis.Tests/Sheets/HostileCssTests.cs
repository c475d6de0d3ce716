using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace PushProxy.Analysis.Tests.Sheets;

/// <summary>Stylesheets that want too much: bounded time, and what could be understood is used.</summary>
public class HostileCssTests
{
    // For machines that do other things at the same time.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private const string Font = "@font-face{font-family:A;src:url(a.woff2)}p{font-family:A}";

    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { "5 MB of rules", Repeat(".c$ .d$ > e{color:red;font-family:B}", 150_000) },
        { "a million selectors", Repeat(".a$,", 1_000_000) + "b{font-family:B}" },
        { "a million selectors for every element", Repeat("* * * * p,", 1_000_000) + "b{font-family:B}" },
        { "nested blocks", Repeat("@media screen{", 200_000) },
        { "nested rules", Repeat("a{", 200_000) },
        { "nested brackets", "a{width:" + Repeat("(", 500_000) },
        { "nested functions", "p{width:" + Repeat("calc(", 100_000) + "1px" + Repeat(")", 100_000) + "}" },
        { "nested not", Repeat(":not(", 100_000) + "a{font-family:B}" },
        { "open string", "p{content:\"" + new string('x', 2_000_000) },
        { "open comment", Repeat("/*", 500_000) },
        { "open brackets in a selector", Repeat("a[", 200_000) },
        { "backslashes", Repeat("\\", 1_000_000) },
        { "NUL", new string('\0', 1_000_000) },
        { "variables that name each other", "p{" + Repeat("--x$:var(--x$) var(--x$);", 20) + string.Concat(Enumerable.Range(0, 40).Select(i => $"--y{i}:var(--y{i + 1})var(--y{i + 1});")) + "font-family:var(--y0)}" },
        { "layers", Repeat("@layer l$;", 100_000) },
        { "imports", Repeat("@import 'x$.css';", 100_000) },
        { "fonts", Repeat("@font-face{font-family:F$;src:url($.woff2)}", 100_000) },
        { "sources", "@font-face{font-family:F;src:" + Repeat("url($),", 100_000) + "url(x)}" },
        { "ranges", "@font-face{font-family:F;src:url(x);unicode-range:" + Repeat("U+$,", 8_000) + "U+1}" },
        { "data", "p{background:url(data:image/png;base64," + new string('A', 1_500_000) + ")}" },
        { "families", "p{font-family:" + Repeat("F$,", 5_000) + "F}" },
        { "one long word", new string('a', 2_000_000) },
    };

    [Theory]
    [MemberData(nameof(Hostile), DisableDiscoveryEnumeration = true)]
    public async Task Bounded_in_time_and_what_comes_before_is_used(string name, string css)
    {
        var site = new Site(("/a.css", Font + css));
        var html = "<link rel=stylesheet href=/a.css>" + string.Concat(Enumerable.Range(0, 500).Select(i => $"<div class=a{i}><p class=c{i}>Text"));
        var watch = Stopwatch.StartNew();
        var analysis = await site.AnalyzeAsync(html);
        Assert.True(watch.Elapsed < Limit, $"{name} took {watch.Elapsed}.");
        Assert.Contains(analysis.Resources, resource => resource.FoundBy == FoundBy.StylesheetFont || name is "imports" or "families" or "variables that name each other");
        Assert.InRange(analysis.Resources.Count, 1, 64);
        Assert.InRange(analysis.Skipped.Count, 0, 64);
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_no_error()
    {
        var site = new Site();
        var random = new Random(1);
        for (var i = 0; i < 200; i++)
        {
            var bytes = new byte[random.Next(2000)];
            random.NextBytes(bytes);
            (site["/a.css"], site.Version) = ([.. Encoding.ASCII.GetBytes(Font), .. bytes], null);
            Assert.Contains((await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x")).Resources, resource => resource.Url.AbsolutePath == "/a.woff2");
        }
    }

    [Fact]
    public async Task What_comes_behind_the_limit_of_bytes_is_not_looked_at()
    {
        var site = new Site(("/a.css", new string(' ', 2000) + Font));
        Assert.Single((await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x", new() { MaxStylesheetBytes = 2000 })).Resources);
        Assert.Equal(2, (await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x", new() { MaxStylesheetBytes = 4000 })).Resources.Count);
    }

    [Fact]
    public async Task What_comes_behind_the_limit_of_selectors_is_not_looked_at()
    {
        var site = new Site(("/a.css", Repeat("b{font-family:B}", 100) + Font));
        Assert.Single((await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x", new() { MaxSelectors = 100 })).Resources);
        Assert.Equal(2, (await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x", new() { MaxSelectors = 200 })).Resources.Count);
    }

    [Fact]
    public async Task Analysis_can_be_cancelled_while_it_waits_for_a_stylesheet()
    {
        using var soon = new CancellationTokenSource(50);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
            await new PageAnalyzer().AnalyzeAsync("<link rel=stylesheet href=a.css>"u8.ToArray(), Page.Address, null, new Slow(), cancellation: soon.Token));
    }

    // Each time with another number for "$".
    private static string Repeat(string text, int times) =>
        string.Concat(Enumerable.Range(0, times).Select(i => text.Replace("$", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)));

    private sealed class Slow : ISubresourceSource
    {
        public async ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation)
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return null;
        }
    }
}
