namespace PushProxy.Analysis.Tests.Rules;

public class PreloadTests
{
    [Theory]
    [InlineData("<link rel=preload as=style href=/a>", ResourceKind.Style, FoundBy.Preload, CrossOriginMode.None)]
    [InlineData("<link rel=preload as=script href=/a>", ResourceKind.Script, FoundBy.Preload, CrossOriginMode.None)]
    [InlineData("<link rel=preload as=font href=/a crossorigin>", ResourceKind.Font, FoundBy.Preload, CrossOriginMode.Anonymous)]
    [InlineData("<link rel=preload as=image href=/a>", ResourceKind.Image, FoundBy.Preload, CrossOriginMode.None)]
    [InlineData("<link rel=modulepreload href=/a>", ResourceKind.Script, FoundBy.ModulePreload, CrossOriginMode.Anonymous)]
    public void A_preload_link_is_taken_at_its_word(string html, ResourceKind kind, FoundBy place, CrossOriginMode mode)
    {
        var resource = Assert.Single(Page.Analyze(html).Resources);
        Assert.Equal((kind, place, mode, false), (resource.Kind, resource.FoundBy, resource.CrossOrigin, resource.Blocking));
    }

    [Theory]
    [InlineData("<link rel=preload as=fetch href=/a>", AnalysisSkip.UnsupportedType)]
    [InlineData("<link rel=preload href=/a>", AnalysisSkip.UnsupportedType)]
    [InlineData("<link rel=preload as=font type=application/vnd.ms-fontobject href=/a>", AnalysisSkip.UnsupportedType)]
    [InlineData("<link rel=preload as=style media=print href=/a>", AnalysisSkip.MediaNeverMatches)]
    [InlineData("<link rel=preload as=script nonce=x href=/a>", AnalysisSkip.Nonce)]
    [InlineData("<link rel=preload as=image imagesrcset='/b 2x' href=/a>", AnalysisSkip.OtherSource)]
    public void One_that_a_browser_does_not_follow_is_left_out(string html, AnalysisSkip reason) =>
        Assert.Equal(("", $"/a:{reason}"), (Page.Critical(html), Page.Skipped(html)));

    [Theory]
    [InlineData("<link rel=preload as=style href=/a><link rel=stylesheet href=/a>")]
    [InlineData("<link rel=stylesheet href=/a><link rel=preload as=style href=/a>")]
    public void What_it_announces_is_what_counts(string html)
    {
        var resource = Assert.Single(Page.Analyze(html).Resources);
        Assert.Equal((FoundBy.HeadStylesheet, true), (resource.FoundBy, resource.Blocking));
    }
}
