namespace PushProxy.Analysis.Tests.Rules;

public class StylesheetTests
{
    [Theory]
    [InlineData("<link rel=stylesheet href=/a.css>")]
    [InlineData("<LINK REL='StyleSheet' HREF='/a.css'>")]
    [InlineData("<link rel='preload stylesheet' href=/a.css>")]
    [InlineData("<link rel='\n stylesheet\tx' href=/a.css>")]
    [InlineData("<link rel=stylesheet type=text/css href=/a.css>")]
    [InlineData("<link rel=stylesheet type='TEXT/CSS; charset=utf-8' href=/a.css>")]
    [InlineData("<link rel=stylesheet type='' href=/a.css>")]
    [InlineData("<link rel=stylesheet media='' href=/a.css>")]
    [InlineData("<p>no body tag</p><link rel=stylesheet href=/a.css>")]
    [InlineData("<head><div>stray</div><link rel=stylesheet href=/a.css></head><body>")]
    [InlineData("<link rel=stylesheet title=default href=/a.css>")]
    [InlineData("<link rel=stylesheet href=' /a.css\n'>")]
    [InlineData("<link rel=stylesheet href=/a.css onload='x()'>")]
    [InlineData("<link rel=stylesheet href=/a.css/>", "/a.css/")]
    public void Critical(string html, string path = "/a.css") => Assert.Equal((path, ""), (Page.Critical(html), Page.Skipped(html)));

    [Theory]
    [InlineData("<link rel=stylesheet disabled href=/a.css>", AnalysisSkip.Disabled)]
    [InlineData("<link rel=stylesheet disabled=false href=/a.css>", AnalysisSkip.Disabled)]
    [InlineData("<link rel='alternate stylesheet' title=dark href=/a.css>", AnalysisSkip.Alternate)]
    [InlineData("<link rel='STYLESHEET Alternate' title=dark href=/a.css>", AnalysisSkip.Alternate)]
    [InlineData("<link rel=stylesheet type=text/less href=/a.css>", AnalysisSkip.UnsupportedType)]
    [InlineData("<link rel=stylesheet media=print href=/a.css>", AnalysisSkip.MediaNeverMatches)]
    [InlineData("<link rel=stylesheet media=print onload=\"this.media='all'\" href=/a.css>", AnalysisSkip.MediaNeverMatches)]
    [InlineData("<link rel=stylesheet nonce=abc href=/a.css>", AnalysisSkip.Nonce)]
    [InlineData("<body><link rel=stylesheet href=/a.css>", AnalysisSkip.InBody)]
    [InlineData("<img src=x><link rel=stylesheet href=/a.css>", AnalysisSkip.InBody)]
    [InlineData("<p>text</p><body><link rel=stylesheet href=/a.css>", AnalysisSkip.InBody)]
    public void NotCritical(string html, AnalysisSkip reason) => Assert.Equal(("", $"/a.css:{reason}"), (Page.Critical(html), Page.Skipped(html)));

    [Theory]
    [InlineData("<link rel=icon href=/a.ico>")]
    [InlineData("<link href=/a.css>")]
    [InlineData("<link rel=stylesheet>")]
    [InlineData("<link rel=x-stylesheet href=/a.css>")]
    [InlineData("<noscript><link rel=stylesheet href=/a.css></noscript>")]
    [InlineData("<template><link rel=stylesheet href=/a.css></template>")]
    [InlineData("<!-- <link rel=stylesheet href=/a.css> -->")]
    [InlineData("<!--[if lt IE 9]><link rel=stylesheet href=/a.css><![endif]-->")]
    [InlineData("<style><link rel=stylesheet href=/a.css></style>")]
    [InlineData("<title><link rel=stylesheet href=/a.css></title>")]
    [InlineData("<script>document.write('<link rel=stylesheet href=/a.css>')</script>")]
    [InlineData("<svg><link rel=stylesheet href=/a.css></svg>")]
    public void NoStylesheetAtAll(string html) => Assert.Equal(("", ""), (Page.Critical(html), Page.Skipped(html)));

    [Fact]
    public void A_downlevel_revealed_conditional_comment_shows_its_content() =>
        Assert.Equal("/a.css", Page.Critical("<!--[if !IE]><!--><link rel=stylesheet href=/a.css><!--<![endif]-->"));
}
