using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Tests.Fonts;

public class FontTests
{
    [Theory]
    [InlineData("U+26", 0x26, true)]
    [InlineData("U+26", 0x27, false)]
    [InlineData("u+0-7F, U+0400-04ff", 0x410, true)]
    [InlineData("U+4??", 0x4FF, true)]
    [InlineData("U+4??", 0x500, false)]
    [InlineData("nonsense", 0x500, true)]
    [InlineData(null, 0x10FFFF, true)]
    public void Unicode_range(string? range, int character, bool expected) => Assert.Equal(expected, UnicodeRanges.Parse(range).All.Any(one => one.First <= character && character <= one.Last));

    [Theory]
    [InlineData("url(a.woff2) format('woff2'), url(a.woff)", "a.woff2 a.woff")]
    [InlineData("local('A'), url(\"a.ttf\") format(truetype)", "a.ttf")]
    [InlineData("url(a.eot) format('embedded-opentype'), url(a.svg#a) format('svg')", "")]
    [InlineData("url(a.woff2) format('woff2') tech(variations)", "a.woff2")]
    public void The_sources_a_browser_takes(string source, string expected) => Assert.Equal(expected, string.Join(' ', FontSource.Read(source).Select(one => one.Url)));

    [Theory]
    [InlineData(400, "300 700", 300)]
    [InlineData(500, "300 400 700", 400)]
    [InlineData(450, "500 700", 500)]
    [InlineData(600, "300 400 700 900", 700)]
    [InlineData(700, "300 400", 400)]
    [InlineData(200, "300 400", 300)]
    [InlineData(350, "300 400", 300)]
    [InlineData(100, "400 700", 400)]
    public void The_closest_weight(int wanted, string weights, int expected)
    {
        var faces = weights.Split(' ').Select(weight => new FontFaceRule("A", "url(a)", RuleContext.Root) { Weight = weight })
            .Select(rule => FontFace.Of(rule, null!)!).ToArray();
        Assert.Equal(expected, faces.MinBy(face => face.DistanceFrom(wanted))!.MinWeight);
    }

    [Fact]
    public async Task One_of_each_family_that_text_is_displayed_in()
    {
        var site = new Site(("/a.css", "@font-face{font-family:A;src:url(f/a.woff2) format('woff2'),url(f/a.woff)}@font-face{font-family:B;src:url(b.woff2)}p{font-family:A}"));
        var analysis = await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x</p>");
        var font = analysis.Resources[1];
        Assert.Equal("HeadStylesheet:/a.css StylesheetFont:/f/a.woff2", Site.Found(analysis));
        Assert.Equal("UnusedFont:/b.woff2 OtherSource:/f/a.woff", string.Join(' ', Site.Skipped(analysis).Split(' ').OrderDescending()));
        Assert.Equal((CrossOriginMode.Anonymous, "font/woff2", false), (font.CrossOrigin, font.Type, font.Blocking));
    }

    [Theory]
    [InlineData("local('A'), url(a.woff2)", "MayBeInstalled:/a.woff2")]
    [InlineData("LOCAL(A), local(B), url(a.woff2) format('woff2')", "MayBeInstalled:/a.woff2")]
    [InlineData("url(a.woff2), local('A')", "")]
    [InlineData("url(local/a.woff2)", "")]
    public async Task What_a_client_may_have_installed_is_left_to_it(string source, string skipped) =>
        Assert.Equal(skipped, Site.Skipped(await new Site().AnalyzeAsync(
            "<style>@font-face{font-family:A;src:" + source + "}p{font-family:A}</style><p>x</p>")));

    [Fact]
    public async Task Fonts_of_other_sites_are_worth_a_connection()
    {
        var site = new Site(("/a.css", "@font-face{font-family:A;src:url(//fonts.test/a.woff2)}@font-face{font-family:B;src:url(data:font/woff2,x)}p{font-family:A}b{font-family:B}"));
        var analysis = await site.AnalyzeAsync("<link rel=stylesheet href=/a.css><p>x <b>y</b></p>");
        Assert.Equal(new PreconnectOrigin("https://fonts.test", CrossOriginMode.Anonymous), Assert.Single(analysis.Preconnects));
        Assert.Equal("CrossOrigin:https://fonts.test/a.woff2 NotHttp:data:font/woff2,x", Site.Skipped(analysis));
    }

    [Fact]
    public async Task There_are_no_more_than_the_limit()
    {
        var css = string.Concat(Enumerable.Range(0, 12).Select(i => $"@font-face{{font-family:F{i};src:url({i}.woff2)}}.c{i}{{font-family:F{i}}}"));
        var html = "<link rel=stylesheet href=/a.css>" + string.Concat(Enumerable.Range(0, 12).Select(i => $"<p class=c{i}>x"));
        var analysis = await new Site(("/a.css", css)).AnalyzeAsync(html, new() { MaxFonts = 3 });
        Assert.Equal(3, analysis.Resources.Count(resource => resource.Kind == ResourceKind.Font));
        Assert.Equal(9, analysis.Skipped.Count(skipped => skipped.Reason == AnalysisSkip.OverLimit));
    }
}
