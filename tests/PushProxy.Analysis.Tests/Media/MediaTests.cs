namespace PushProxy.Analysis.Tests.Media;

public class MediaTests
{
    [Theory]
    [InlineData("all")]
    [InlineData("screen")]
    [InlineData("SCREEN")]
    [InlineData("only screen")]
    [InlineData("print, screen")]
    [InlineData("not print")]
    [InlineData("not speech")]
    [InlineData(" ")]
    [InlineData("not print and (min-width: 1px)")]
    [InlineData("/* all */ screen")]
    public void Always(string media) => Assert.Null(Resource(media)!.Media);

    [Theory]
    [InlineData("print")]
    [InlineData("print, speech")]
    [InlineData("print and (orientation: landscape)")]
    [InlineData("not all")]
    [InlineData("not screen")]
    [InlineData("tv")]
    [InlineData("handheld")]
    [InlineData("none")]
    [InlineData("unknown")]
    [InlineData("only")]
    [InlineData("screen foo")]
    [InlineData("screen and")]
    [InlineData("screen and (min-width:0\\0)")]
    [InlineData("screen;")]
    [InlineData("größer")]
    [InlineData(",")]
    public void Never(string media) => Assert.Null(Resource(media));

    [Theory]
    [InlineData("(max-width:600px)", "(max-width:600px)")]
    [InlineData(" Screen\n AND  (Min-Width: 40em) ", "screen and (min-width: 40em)")]
    [InlineData("print, (max-width: 9px), tv", "(max-width: 9px)")]
    [InlineData("(max-width: 9px),(color)", "(max-width: 9px), (color)")]
    [InlineData("(400px <= width <= 700px)", "(400px <= width <= 700px)")]
    [InlineData("not screen and (color)", "not screen and (color)")]
    [InlineData("not (color)", "not (color)")]
    public void Depends(string media, string normal) => Assert.Equal(normal, Resource(media)!.Media);

    private static CriticalResource? Resource(string media) =>
        Page.Analyze($"<link rel=stylesheet href=a.css media=\"{media}\">").Resources.SingleOrDefault();
}
