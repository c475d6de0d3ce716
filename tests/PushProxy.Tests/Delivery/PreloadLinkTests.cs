using PushProxy.Analysis;
using PushProxy.Delivery;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class PreloadLinkTests
{
    [Fact]
    public void Says_all_that_the_element_says()
    {
        var image = Some.Style("/hero.jpg") with
        {
            Kind = ResourceKind.Image,
            Type = "image/jpeg",
            ImageSrcSet = "https://site.test/hero.jpg 1x, https://site.test/hero2.jpg 2x",
            ImageSizes = "(min-width: 1px) 50vw, 100vw",
            ReferrerPolicy = "no-referrer",
            FetchPriority = "high",
        };
        Assert.Equal(
            "</hero.jpg>; rel=preload; as=image; type=\"image/jpeg\"; imagesrcset=\"https://site.test/hero.jpg 1x, https://site.test/hero2.jpg 2x\"; "
            + "imagesizes=\"(min-width: 1px) 50vw, 100vw\"; fetchpriority=\"high\"; referrerpolicy=\"no-referrer\"",
            PreloadLink.Format(image));
    }

    [Fact]
    public void A_stylesheet() => Says("</a.css?v=1>; rel=preload; as=style", Some.Style("/a.css?v=1"));

    [Fact]
    public void A_script() => Says("</a.js>; rel=preload; as=script", Some.Script("/a.js"));

    [Fact]
    public void A_media_query_is_quoted() =>
        Says("</a.css>; rel=preload; as=style; media=\"(min-width: 10px), tv\"", Some.Style("/a.css", "(min-width: 10px), tv"));

    [Fact]
    public void Quotes_and_backslashes_are_escaped() =>
        Says("</a.css>; rel=preload; as=style; media=\"\\\"\\\\\"", Some.Style("/a.css", "\"\\"));

    [Fact]
    public void The_same_cors_mode_or_it_downloads_twice()
    {
        Says("</a.css>; rel=preload; as=style; crossorigin", Some.Style("/a.css") with { CrossOrigin = CrossOriginMode.Anonymous });
        Says("</a.css>; rel=preload; as=style; crossorigin=use-credentials", Some.Style("/a.css") with { CrossOrigin = CrossOriginMode.UseCredentials });
    }

    [Fact]
    public void A_font_always_in_cors_mode() =>
        Says("</f.woff2>; rel=preload; as=font; crossorigin", Some.Style("/f.woff2") with { Kind = ResourceKind.Font });

    [Fact]
    public void Integrity_and_priority() =>
        Says(
            "</a.js>; rel=preload; as=script; integrity=\"sha256-AbC=\"; fetchpriority=\"high\"",
            Some.Script("/a.js") with { Integrity = "sha256-AbC=", FetchPriority = "high" });

    private static void Says(string expected, CriticalResource resource) => Assert.Equal(expected, PreloadLink.Format(resource));
}
