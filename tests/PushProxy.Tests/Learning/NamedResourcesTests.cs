using System.Text;
using PushProxy.Analysis;
using PushProxy.Learning;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Learning;

public class NamedResourcesTests
{
    private static readonly byte[] Html = Encoding.UTF8.GetBytes("<link rel=stylesheet href=\"css/app.3f2.css?v=1&amp;x=2\"><script src=app.js></script>");

    [Theory]
    [InlineData("/css/app.3f2.css", true)]
    [InlineData("/css/app.3f2.css?v=1&x=2", true)]
    [InlineData("/css/app.777.css", false)]
    [InlineData("/css/", true)]
    [InlineData("/css/m%C3%BCll.css", true)]
    public void A_name_that_has_gone_is_noticed_and_what_can_be_written_otherwise_is_not_held_against_a_page(string path, bool isThere) =>
        Assert.Equal(isThere, NamedResources.AllIn(Html, Some.Page(Some.Script("/app.js"), Some.Style(path))));

    [Theory]
    [InlineData(FoundBy.StylesheetFont)]
    [InlineData(FoundBy.ImportedStylesheet)]
    [InlineData(FoundBy.BackgroundImage)]
    [InlineData(FoundBy.ModuleImport)]
    public void What_the_page_does_not_name_itself_is_not_looked_for(FoundBy found) =>
        Assert.True(NamedResources.AllIn(Html, Some.Page(Some.Style("/elsewhere.css") with { FoundBy = found })));

    [Fact]
    public void A_name_too_long_to_look_for_is_not_looked_for() =>
        Assert.True(NamedResources.AllIn(Html, Some.Page(Some.Style("/" + new string('x', 1000)))));
}
