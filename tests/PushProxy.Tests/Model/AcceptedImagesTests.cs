using PushProxy.Analysis;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Model;

public class AcceptedImagesTests
{
    private const string Chromium = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8";
    private const string WithJxl = "text/html,image/jxl,image/avif,image/webp,*/*;q=0.8";
    private const string Firefox = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

    [Theory]
    [InlineData(Chromium, null, null, true)]
    [InlineData(Chromium, "image/avif", null, true)]
    [InlineData(Chromium, "image/jxl", null, false)]
    [InlineData(Chromium, "image/png", null, true)]
    [InlineData(Chromium, "image/avif", "image/jxl", true)]
    [InlineData(WithJxl, "image/avif", "image/jxl", false)]
    [InlineData(WithJxl, null, "image/jxl", false)]
    [InlineData("text/html, IMAGE/PNG", "image/webp", null, false)]
    [InlineData(Firefox, "image/avif", null, null)]
    [InlineData(Firefox, null, null, true)]
    [InlineData(Firefox, null, "image/jxl", false)]
    [InlineData("text/html, image/webp;q=0.8", "image/webp", null, true)]
    [InlineData("text/html, image/webp ; q=0.0", "image/webp", null, false)]
    [InlineData("text/html, image/webp;q=0, image/png", "image/webp", null, false)]
    [InlineData("image/*", "image/avif", null, null)]
    [InlineData("", "image/avif", null, null)]
    public void A_client_takes_what_it_says_that_it_displays(string accept, string? type, string? others, bool? takes) => Assert.Equal(
        takes, ImageTypes.Takes(ImageTypes.AcceptedBy(accept), Some.Style("/a") with { Kind = ResourceKind.Image, Type = type, OtherTypes = others }));
}
