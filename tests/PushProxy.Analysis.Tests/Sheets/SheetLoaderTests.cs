using System.Text;
using PushProxy.Analysis.Encodings;

namespace PushProxy.Analysis.Tests.Sheets;

public class SheetLoaderTests
{
    private const string Link = "<link rel=stylesheet href=/a.css>";

    [Fact]
    public async Task Imports_are_followed_wherever_they_lead()
    {
        var site = new Site(("/a.css", "@import 'x/b.css';"), ("/x/b.css", "@import url(../c.css) print;@import '//cdn.test/d.css';@import 'data:,x';@import '';"), ("/c.css", "a{}"));
        var analysis = await site.AnalyzeAsync(Link);
        Assert.Equal("HeadStylesheet:/a.css ImportedStylesheet:/x/b.css ImportedStylesheet:/c.css", Site.Found(analysis));
        Assert.Equal("CrossOrigin:https://cdn.test/d.css NotHttp:data:,x InvalidUrl:", Site.Skipped(analysis));
        Assert.All(analysis.Resources, resource => Assert.True(resource.Blocking));
        Assert.Equal("https://cdn.test", Assert.Single(analysis.Preconnects).Origin);
    }

    [Fact]
    public async Task What_does_not_block_imports_nothing_that_blocks()
    {
        var site = new Site(("/a.css", "@import 'b.css';"));
        foreach (var html in new[] { "<body>" + Link, "<link rel=stylesheet href=/a.css media='(max-width:10px)'>", "<body><style>@import '/b.css'</style>" })
        {
            Assert.False((await site.AnalyzeAsync(html)).Resources.Single(resource => resource.Url.AbsolutePath == "/b.css").Blocking);
        }
    }

    [Fact]
    public async Task A_cycle_ends_where_it_began()
    {
        var site = new Site(("/a.css", "@import 'b.css';"), ("/b.css", "@import 'a.css';@import 'b.css';"));
        var analysis = await site.AnalyzeAsync(Link);
        Assert.Equal("HeadStylesheet:/a.css ImportedStylesheet:/b.css", Site.Found(analysis));
        Assert.Equal(2, site.Asked.Count);
    }

    [Fact]
    public async Task Imports_go_so_deep_and_no_deeper()
    {
        var site = new Site([.. Enumerable.Range(0, 20).Select(i => ($"/{i}.css", $"@import '{i + 1}.css';"))]);
        var analysis = await site.AnalyzeAsync("<link rel=stylesheet href=/0.css>", new() { MaxImportDepth = 3 });
        Assert.Equal(["/0.css", "/1.css", "/2.css", "/3.css"], analysis.Resources.Select(resource => resource.Url.AbsolutePath));
        Assert.Equal("TooDeep:/4.css", Site.Skipped(analysis));
    }

    [Fact]
    public async Task So_many_are_read_and_no_more()
    {
        var site = new Site([("/a.css", string.Concat(Enumerable.Range(0, 100).Select(i => $"@import '{i}.css';"))), .. Enumerable.Range(0, 100).Select(i => ($"/{i}.css", "a{}"))]);
        var analysis = await site.AnalyzeAsync(Link, new() { MaxStylesheets = 5 });
        Assert.InRange(site.Asked.Count, 1, 5);
        Assert.Contains(analysis.Skipped, skipped => skipped.Reason == AnalysisSkip.OverLimit);
    }

    [Fact]
    public async Task What_is_not_to_be_had_is_named()
    {
        var analysis = await new Site().AnalyzeAsync(Link);
        Assert.Equal("HeadStylesheet:/a.css", Site.Found(analysis));
        Assert.Equal("https://site.test/a.css", Assert.Single(analysis.Unread).AbsoluteUri);
    }

    [Fact]
    public async Task A_version_is_parsed_once_and_another_one_again()
    {
        var site = new Site(("/a.css", "@font-face{font-family:A;src:url(one.woff2)}p{font-family:A}"));
        var analyzer = new PageAnalyzer();
        Assert.Contains("one", Site.Found(await site.AnalyzeAsync(Link + "<p>x", ClientProfile.Desktop, analyzer)), StringComparison.Ordinal);
        site["/a.css"] = "@font-face{font-family:A;src:url(two.woff2)}p{font-family:A}"u8.ToArray();
        Assert.Contains("one", Site.Found(await site.AnalyzeAsync(Link + "<p>x", ClientProfile.Desktop, analyzer)), StringComparison.Ordinal);
        site.Version = "2";
        Assert.Contains("two", Site.Found(await site.AnalyzeAsync(Link + "<p>x", ClientProfile.Desktop, analyzer)), StringComparison.Ordinal);
        site.Version = null;
        site["/a.css"] = "p{}"u8.ToArray();
        Assert.Equal("HeadStylesheet:/a.css", Site.Found(await site.AnalyzeAsync(Link + "<p>x", ClientProfile.Desktop, analyzer)));
    }

    [Theory]
    [InlineData("utf-8", null, "/%C3%A4.woff2")]
    [InlineData("windows-1252", "windows-1252", "/%C3%A4.woff2")]
    [InlineData("windows-1252", null, "/%EF%BF%BD.woff2")]
    public async Task A_stylesheet_is_read_in_its_encoding(string encoding, string? charset, string expected)
    {
        var site = new Site { Charset = charset };
        site["/a.css"] = EncodingLabels.Find(encoding)!.GetBytes("@font-face{font-family:A;src:url(ä.woff2)}p{font-family:A}");
        Assert.Equal(expected, (await site.AnalyzeAsync(Link + "<p>x")).Resources[1].Url.AbsolutePath);
    }

    [Fact]
    public async Task A_stylesheet_says_itself_what_it_is_in()
    {
        var site = new Site();
        const string Css = "@font-face{font-family:A;src:url(ä.woff2)}p{font-family:A}";
        foreach (var bytes in new byte[][]
        {
            [.. Encoding.Latin1.GetBytes("@charset \"windows-1252\";" + Css)],
            [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Css)],
            [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Css)],
        })
        {
            (site["/a.css"], site.Version) = (bytes, null);
            Assert.Equal("/%C3%A4.woff2", (await site.AnalyzeAsync(Link + "<p>x")).Resources[1].Url.AbsolutePath);
        }
    }
}
