using Microsoft.Extensions.Primitives;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class OriginLinksTests
{
    private static readonly Uri Page = new("https://site.test/shop/list?x=1");

    [Theory]
    [InlineData("</a.css>; rel=preload; as=style", "https://site.test/a.css")]
    [InlineData("<a.css>;rel=\"preload\"", "https://site.test/shop/a.css")]
    [InlineData("<https://cdn.test/x.js>; as=script; rel=preload", "https://cdn.test/x.js")]
    [InlineData("</m.js>; rel=modulepreload", "https://site.test/m.js")]
    [InlineData("</a.css>; rel=\"next preload\"", "https://site.test/a.css")]
    [InlineData("</a.css>; REL=PreLoad", "https://site.test/a.css")]
    [InlineData("</a,b.css?c=d,e>; rel=preload", "https://site.test/a,b.css?c=d,e")]
    [InlineData("</n>; rel=next; title=\"a, </b>; rel=preload\", </c.css>; rel=preload", "https://site.test/c.css")]
    [InlineData("</q>; title=\"say \\\"hi\\\", ok\"; rel=preload", "https://site.test/q")]
    [InlineData("</a.css>; rel=preload; nopush", "https://site.test/a.css")]
    [InlineData("</a.css#part>; rel=preload", "https://site.test/a.css")]
    [InlineData("  </a.css>  ;  rel = preload  ", "https://site.test/a.css")]
    public void Reads_what_the_origin_preloads(string field, string expected) =>
        Assert.Equal([expected], OriginLinks.Preloaded(field, Page)!);

    [Theory]
    [InlineData("")]
    [InlineData("</next>; rel=next")]
    [InlineData("</a.css>")]
    [InlineData("</a.css>; rel=next; rel=preload")]
    [InlineData("</a.css; rel=preload")]
    [InlineData("garbage, more; garbage=\"")]
    [InlineData("<http://[bad>; rel=preload")]
    [InlineData("</a>; title=\"unclosed; rel=preload")]
    [InlineData("<")]
    [InlineData("<>;=;;,=")]
    public void Reads_nothing_from_other_links_and_from_garbage(string field) =>
        Assert.Null(OriginLinks.Preloaded(field, Page));

    [Fact]
    public void Reads_several_links_in_several_fields() =>
        Assert.Equal(
            ["https://site.test/a.css", "https://site.test/b.js", "https://site.test/c.css"],
            OriginLinks.Preloaded(new StringValues(["</a.css>; rel=preload, </b.js>; rel=preload", "</c.css>; rel=preload"]), Page)!.Order());

    [FsCheck.Xunit.Property(MaxTest = 2000)]
    public void Never_throws(FsCheck.NonNull<string> field) => OriginLinks.Preloaded("<" + field.Get, Page);
}
