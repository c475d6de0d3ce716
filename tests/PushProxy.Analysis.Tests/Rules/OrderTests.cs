namespace PushProxy.Analysis.Tests.Rules;

public class OrderTests
{
    [Fact]
    public void Stylesheets_come_before_scripts_each_in_document_order() =>
        Assert.Equal("/1.css /2.css /1.js /2.js", Page.Critical(
            "<script src=/1.js></script><link rel=stylesheet href=/1.css><script src=/2.js></script><link rel=stylesheet href=/2.css>"));

    [Fact]
    public void A_duplicate_is_named_once()
    {
        const string Html = "<link rel=stylesheet href=/a.css crossorigin><link rel=stylesheet href=//site.test/a.css#x>";
        Assert.Equal(("/a.css", "/a.css:Duplicate"), (Page.Critical(Html), Page.Skipped(Html)));
    }

    [Fact]
    public void A_duplicate_without_a_media_query_lifts_the_first_ones_condition() =>
        Assert.Null(Assert.Single(Page.Analyze("<link rel=stylesheet href=a.css media='(min-width:1px)'><link rel=stylesheet href=a.css>").Resources).Media);

    [Fact]
    public void The_same_url_as_stylesheet_and_script_is_two_resources() =>
        Assert.Equal("/a /a", Page.Critical("<link rel=stylesheet href=/a><script src=/a></script>"));
}
