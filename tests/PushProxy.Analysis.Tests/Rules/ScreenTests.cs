namespace PushProxy.Analysis.Tests.Rules;

public class ScreenTests
{
    [Theory]
    [InlineData("(min-width: 600px)", true)]
    [InlineData("(max-width: 600px)", false)]
    [InlineData("(width >= 1280px) and (height < 721px)", true)]
    [InlineData("(1000px < width <= 1279px)", false)]
    [InlineData("(orientation: landscape)", true)]
    [InlineData("(hover: none)", false)]
    [InlineData("(min-resolution: 1.5dppx)", false)]
    [InlineData("(-webkit-max-device-pixel-ratio: 1.5)", true)]
    [InlineData("(min-aspect-ratio: 16/9)", true)]
    [InlineData("not (prefers-color-scheme: dark)", true)]
    [InlineData("(min-width: 40em) and (max-width: 90rem)", true)]
    [InlineData("print, (color)", true)]
    public async Task A_screen_decides_what_depends_on_it(string media, bool matches)
    {
        var analysis = await new Site().AnalyzeAsync($"<link rel=stylesheet href=/a.css media='{media}'>");
        Assert.Equal(matches ? "HeadStylesheet:/a.css|" : "|MediaMismatch:/a.css", $"{Site.Found(analysis)}|{Site.Skipped(analysis)}");
        Assert.All(analysis.Resources, resource => Assert.Null(resource.Media));
    }

    [Fact]
    public async Task Without_a_screen_the_condition_stays()
    {
        var analysis = await new Site().AnalyzeAsync("<link rel=stylesheet href=/a.css media='(min-width: 600px)'>", null, new PageAnalyzer());
        Assert.Equal("(min-width: 600px)", Assert.Single(analysis.Resources).Media);
    }

    [Fact]
    public async Task Resources_come_in_the_order_of_their_delivery_and_what_blocks_is_worth_the_most()
    {
        var site = new Site(("/a.css", "@import 'b.css';@font-face{font-family:A;src:url(f.woff2)}p{font-family:A}"), ("/b.css", ""));
        var analysis = await site.AnalyzeAsync(
            "<!DOCTYPE html><link rel=preload as=script href=/p.js><script src=/a.js></script><link rel=stylesheet href=/a.css><body><img src=/h.jpg width=900 height=400><p>x");
        Assert.Equal("HeadStylesheet:/a.css HeadScript:/a.js ImportedStylesheet:/b.css StylesheetFont:/f.woff2 HeroImage:/h.jpg Preload:/p.js", Site.Found(analysis));
        Assert.All(analysis.Resources, resource => Assert.Equal(resource.Blocking, resource.Worth >= 50));
        Assert.True(analysis.Resources.Single(resource => resource.FoundBy == FoundBy.ImportedStylesheet).Worth > analysis.Resources[0].Worth);
    }
}
