using System.Text;
using PushProxy.Analysis;
using PushProxy.Learning;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Learning;

public class NamedResourcesTests
{
    private static readonly byte[] Html = Encoding.UTF8.GetBytes("<link rel=stylesheet href=\"css/app.3f2.css?v=1&amp;x=2\"><script src=app.js></script>"
        + "<link rel=stylesheet href='../img/b a.png?t=12'><link rel=stylesheet href=../img/hero.png?t=11><link rel=stylesheet href=https://site.test/s/1/main.css><link rel=stylesheet href=/css/müll.css>");

    [Theory]
    [InlineData("/css/app.3f2.css", false)]
    [InlineData("/css/app.3f2.css?v=1&x=2", true)]
    [InlineData("/css/app.3f2.css?v=1&x=3", false)]
    [InlineData("/css/app.3f2.css?v=9&x=2", false)]
    [InlineData("/blog/css/app.3f2.css?v=1&x=2", true)]
    [InlineData("/css/app.777.css", false)]
    [InlineData("/img/b%20a.png?t=12", true)]
    [InlineData("/img/b%20a.png?t=13", false)]
    [InlineData("/img/hero.png?t=1", false)]
    [InlineData("/img/hero.png?t=11", true)]
    [InlineData("/en/img/hero.png?t=11", true)]
    [InlineData("/s/1/main.css", true)]
    [InlineData("/s/2/main.css", false)]
    [InlineData("/css/", true)]
    [InlineData("/css/m%C3%BCll.css", true)]
    [InlineData("/css/m%C3%BCll2.css", false)]
    public void A_name_that_has_gone_is_noticed_and_what_can_be_written_otherwise_is_not_held_against_a_page(string path, bool isThere) =>
        Assert.Equal(isThere ? [] : [path], NamedResources.NotIn(Html, Some.Page(Some.Script("/app.js"), Some.Style(path))).Select(r => r.Url.PathAndQuery));

    [Theory]
    [InlineData("<link rel=stylesheet href=/a.css>", true)]
    [InlineData("<LINK REL=\"StyleSheet\" HREF='/a.css'>", true)]
    [InlineData("<link rel=preload as=style href=/a.css>", true)]
    [InlineData("<link rel=stylesheet media=print\n href=a.css><script>1</script>", true)]
    [InlineData("<script>1 < 2</script><!-- x --><link rel=stylesheet href=a.css>", true)]
    [InlineData("<link rel=stylesheet title='the alternate one' href=/a.css>", true)]
    [InlineData("<link title='a > b' rel=stylesheet href=\"/a.css\">", true)]
    [InlineData("<script>x='<!--'</script><link rel=stylesheet href=a.css>", true)]
    [InlineData("<link rel='alternate stylesheet' href=/a.css>", false)]
    [InlineData("<link rel=prefetch href=/a.css>", false)]
    [InlineData("<a href=/a.css>a.css</a>", false)]
    [InlineData("<button data-theme=/a.css>", false)]
    [InlineData("<p>/a.css", false)]
    [InlineData("<script>var all = ['/a.css', '/b.css']</script>", false)]
    [InlineData("<SCRIPT>document.write('<link rel=stylesheet href=/a.css>')</SCRIPT>", false)]
    [InlineData("<script src=/a.css></script>", false)]
    [InlineData("<!-- <link rel=stylesheet href=/a.css> -->", false)]
    [InlineData("<linkx rel=stylesheet href=/a.css>", false)]
    public void Only_an_element_that_loads_it_names_a_stylesheet(string html, bool isThere) =>
        Assert.Equal(isThere, NamedResources.NotIn(Encoding.UTF8.GetBytes(html), Some.Page(Some.Style("/a.css"))).Count == 0);

    [Theory]
    [InlineData("<script src=/a.js></script>", true)]
    [InlineData("<script>1</script><script defer src=/a.js></script>", true)]
    [InlineData("<link rel=modulepreload href=/a.js>", true)]
    [InlineData("<script>load('/a.js')</script>", false)]
    [InlineData("<script src=/b.js data-next=/b></script>", false)]
    public void Only_an_element_that_loads_it_names_a_script(string html, bool isThere) =>
        Assert.Equal(isThere, NamedResources.NotIn(Encoding.UTF8.GetBytes(html), Some.Page(Some.Script("/a.js"))).Count == 0);

    [Fact]
    public void What_a_script_writes_is_looked_for_in_its_text()
    {
        var written = Some.Page(Some.Style("/a.css") with { FoundBy = FoundBy.WrittenByScript });
        Assert.Empty(NamedResources.NotIn("<script>document.write('<link rel=stylesheet href=/a.css>')</script>"u8, written));
    }

    [Theory]
    [InlineData("sha384-Ab+/c= sha512-x", null, true)]
    [InlineData("sha384-Ab+/d= sha512-x", null, false)]
    [InlineData("sha384-Ab+/c= sha512-y", null, false)]
    [InlineData(null, "https://site.test/i/h.png?w=1&q=2 1x, https://site.test/i/h2.png 2x", true)]
    [InlineData(null, "https://site.test/i/h.png?w=1&q=3 1x, https://site.test/i/h2.png 2x", false)]
    [InlineData(null, "https://site.test/i/h.png?w=1&q=2 1x, https://site.test/i/h3.png 2x", false)]
    public void Another_hash_or_another_candidate_is_another_resource(string? integrity, string? candidates, bool isThere)
    {
        var html = "<script src=/app.js integrity=\"sha384-Ab&#x2B;/c= sha512-x\"></script><img src=/app.js srcset=\"/i/h.png?w=1&amp;q=2, h2.png 2x\">"u8;
        var gone = NamedResources.NotIn(html, Some.Page(Some.Script("/app.js") with { Integrity = integrity, ImageSrcSet = candidates }));
        Assert.Equal(isThere, gone.Count == 0);
    }

    [Theory]
    [InlineData(FoundBy.StylesheetFont)]
    [InlineData(FoundBy.ImportedStylesheet)]
    [InlineData(FoundBy.BackgroundImage)]
    [InlineData(FoundBy.ModuleImport)]
    public void What_the_page_does_not_name_itself_is_not_looked_for(FoundBy found) =>
        Assert.Empty(NamedResources.NotIn(Html, Some.Page(Some.Style("/elsewhere.css") with { FoundBy = found })));

    [Theory]
    [InlineData("<link rel=stylesheet href=/u/a.css>", true)]
    [InlineData("<link rel=stylesheet href='/u/a.css'>", true)]
    [InlineData("@import url(/u/a.css)", true)]
    [InlineData("<link rel=stylesheet href=\"https://site.test/u/a.css\">", true)]
    [InlineData("<a href=/u/a.css.bak><link rel=stylesheet href=/u/a.css>", true)]
    [InlineData("<link rel=stylesheet href=https://other.test/u/a.css>", false)]
    [InlineData("<link rel=stylesheet href=/u/a.css?2>", false)]
    [InlineData("<link rel=stylesheet href=/u/a.css;jsessionid=1>", false)]
    [InlineData("<link rel=stylesheet href=/me/u/a.css>", false)]
    [InlineData("<link rel=stylesheet href=a.css>", false)]
    [InlineData("/u/a.css", true)]
    [InlineData("", false)]
    public void Only_the_whole_name_is_the_same_name(string html, bool isSame) =>
        Assert.Equal(isSame, NamedResources.SaysTheSame(Encoding.UTF8.GetBytes(html), "site.test", Some.Page(Some.Style("/u/a.css"))));

    [Fact]
    public void What_is_not_seen_in_the_page_is_not_said_to_be_the_same()
    {
        var style = Some.Style("/a.css");
        Assert.True(IsSame(Some.Page(style)));
        Assert.False(IsSame(Some.Page(style with { FoundBy = FoundBy.ImportedStylesheet })));
        Assert.False(IsSame(Some.Page(style with { FoundBy = FoundBy.StylesheetFont })));
        Assert.False(IsSame(Some.Page(style with { Integrity = "sha256-x" })));
        Assert.False(IsSame(Some.Page(style with { Media = "print" })));
        Assert.False(IsSame(Some.Page(style with { ImageSrcSet = "https://site.test/b.jpg 2x" })));
        Assert.False(IsSame(Some.Page(style with { ImageSizes = "1px" })));
        Assert.False(IsSame(Some.Page(style with { Type = "text/css" })));
        Assert.False(IsSame(Some.Page(style) with { Preconnects = [new PreconnectOrigin("https://cdn.test", CrossOriginMode.None)] }));
        Assert.False(IsSame(Some.Page(Some.Style("/" + new string('x', 1000)))));

        static bool IsSame(PageAnalysis known) => NamedResources.SaysTheSame("<link rel=stylesheet href=/a.css>"u8, "site.test", known);
    }

    [Fact]
    public void A_name_too_long_to_look_for_is_not_looked_for() =>
        Assert.Empty(NamedResources.NotIn(Html, Some.Page(Some.Style("/" + new string('x', 1000)))));
}
