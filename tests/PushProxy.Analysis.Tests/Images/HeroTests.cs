namespace PushProxy.Analysis.Tests.Images;

public class HeroTests
{
    private const string Large = "<img src=/large.jpg width=900 height=500>";

    [Theory]
    [InlineData(Large + "<img src=/small.jpg width=100 height=100>", "HeroImage:/large.jpg", "NotLargest:/small.jpg")]
    [InlineData("<img src=/lazy.jpg loading=lazy width=900 height=500><img src=/small.jpg width=200 height=200>", "", "LazyImage:/lazy.jpg NotLargest:/small.jpg")]
    [InlineData("<div style=height:2000px></div>" + Large, "", "OutOfView:/large.jpg")]
    [InlineData("<div hidden>" + Large + "</div>", "", "")]
    [InlineData("<div style=opacity:0>" + Large + "</div>", "", "OutOfView:/large.jpg")]
    [InlineData("<img src=//cdn.test/x.jpg width=900 height=500>", "", "CrossOrigin:https://cdn.test/x.jpg")]
    [InlineData("<img src='data:image/png,x' width=900 height=500><img src=/small.jpg width=200 height=200>", "", "NotHttp:data:image/png,x NotLargest:/small.jpg")]
    [InlineData("<img src=/full.jpg style='position:fixed;top:0;left:0;width:100vw;height:100vh'>", "", "NotLargest:/full.jpg")]
    [InlineData("<img src=/tiny.gif width=1 height=1>", "", "NotLargest:/tiny.gif")]
    [InlineData("<img src=/a.jpg width=500 height=400><img src=/b.jpg width=300 height=300 fetchpriority=high>", "HeroImage:/b.jpg", "NotLargest:/a.jpg")]
    [InlineData("<div style=\"background:url('/bg.jpg') center/cover;height:400px\"></div>", "HeroImage:/bg.jpg", "")]
    [InlineData("<video poster=/p.jpg width=900 height=500></video>", "HeroImage:/p.jpg", "")]
    [InlineData("<svg width=900 height=500></svg>", "", "")]
    public async Task The_largest_image_of_the_first_screen(string body, string expected, string skipped)
    {
        var analysis = await new Site().AnalyzeAsync("<!DOCTYPE html><body>" + body);
        Assert.Equal((expected, skipped), (Site.Found(analysis), Site.Skipped(analysis)));
    }

    [Fact]
    public async Task Text_that_is_larger_is_the_largest() =>
        Assert.DoesNotContain("Hero", Site.Found(await new Site().AnalyzeAsync(
            "<!DOCTYPE html><body><img src=/a.jpg width=200 height=200><p style='font-size:60px'>" + string.Concat(Enumerable.Repeat("a long text ", 12)))), StringComparison.Ordinal);

    [Fact]
    public async Task What_a_preload_link_needs_is_told()
    {
        var analysis = await new Site().AnalyzeAsync(
            "<!DOCTYPE html><body><img srcset='s.jpg 400w, /l.jpg 1600w' sizes='1000px' src=x.jpg width=1000 height=500 crossorigin referrerpolicy=no-referrer fetchpriority=high>");
        var hero = Assert.Single(analysis.Resources);
        Assert.Equal("/l.jpg", hero.Url.AbsolutePath);
        Assert.Equal(("https://site.test/s.jpg 400w, https://site.test/l.jpg 1600w", "1000px"), (hero.ImageSrcSet, hero.ImageSizes));
        Assert.Equal((CrossOriginMode.Anonymous, "no-referrer", "high"), (hero.CrossOrigin, hero.ReferrerPolicy, hero.FetchPriority));
    }

    [Theory]
    [InlineData("<source type=image/jxl srcset=a.jxl><source type=image/avif srcset=a.avif>", "/a.avif", "image/avif", "image/jxl")]
    [InlineData("<source type=image/jxl srcset=a.jxl>", "/a.jpg", null, "image/jxl")]
    [InlineData("<source type=image/jxl srcset=a.jxl media='not all'>", "/a.jpg", null, null)]
    [InlineData("<source type=image/jxl>", "/a.jpg", null, null)]
    [InlineData("<source type=image/vnd.nobody srcset=a.xyz><source type=image/webp srcset=a.webp>", "/a.webp", "image/webp", null)]
    [InlineData("<source type=image/webp srcset=a.webp><source type=image/jxl srcset=a.jxl>", "/a.webp", "image/webp", null)]
    public async Task Which_source_of_a_picture_is_taken_depends_on_types_that_not_all_browsers_have(string sources, string path, string? type, string? others)
    {
        var analysis = await new Site().AnalyzeAsync($"<!DOCTYPE html><body><picture>{sources}<img src=a.jpg width=1000 height=500></picture>");
        var hero = Assert.Single(analysis.Resources);
        Assert.Equal((path, type, others), (hero.Url.AbsolutePath, hero.Type, hero.OtherTypes));
    }

    [Fact]
    public async Task Where_the_screen_is_not_known_what_one_kind_needs_is_for_its_kind()
    {
        const string Css = "img{width:100%;height:400px}.d,.m{display:none}@media (min-width:800px){.d{display:block}}@media (max-width:799px){.m{display:block}}";
        const string Html = $"<!DOCTYPE html><style>{Css}</style><body><img class=d src=/d.jpg><img class=m src=/m.jpg>";
        var both = await new Site().AnalyzeAsync(Html, null, new PageAnalyzer());
        Assert.Equal([("/d.jpg", "(min-width: 768px)"), ("/m.jpg", "(max-width: 767.98px)")], both.Resources.Select(resource => (resource.Url.AbsolutePath, resource.Media!)));
        var mobile = await new Site().AnalyzeAsync(Html, ClientProfile.Mobile, new PageAnalyzer());
        Assert.Equal([("/m.jpg", null)], mobile.Resources.Select(resource => (resource.Url.AbsolutePath, resource.Media)));
    }

    [Fact]
    public async Task A_large_background_is_delivered_where_the_options_say_so()
    {
        const string Html = "<!DOCTYPE html><style>body{margin:0}div{height:100vh;background:url(/bg.jpg)}</style><body><div>Text</div>";
        Assert.Equal("", Site.Found(await new Site().AnalyzeAsync(Html)));
        Assert.Equal("BackgroundImage:/bg.jpg", Site.Found(await new Site().AnalyzeAsync(Html, new() { MaxBackgrounds = 1 })));
    }
}
