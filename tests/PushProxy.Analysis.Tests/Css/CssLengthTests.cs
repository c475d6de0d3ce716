using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Tests.Css;

public class CssLengthTests
{
    [Theory]
    [InlineData("10px", 10)]
    [InlineData("0", 0)]
    [InlineData("-1.5em", -30)]
    [InlineData("2rem", 32)]
    [InlineData("50%", 100)]
    [InlineData("10vw", 128)]
    [InlineData("100VH", 720)]
    [InlineData("72pt", 96)]
    [InlineData("calc(100% - 20px)", 180)]
    [InlineData("calc(1px + 2 * (3px + 4px))", 15)]
    [InlineData("calc(100% / 4)", 50)]
    [InlineData("min(50%, 80px)", 80)]
    [InlineData("max(50%, 80px)", 100)]
    [InlineData("clamp(1rem, 5vw, 3rem)", 48)]
    public void Lengths(string text, double pixels) => Assert.Equal(pixels, CssLength.Parse(text)!.Resolve(new(20, 16, 1280, 720), 200), 3);

    [Theory]
    [InlineData("auto")]
    [InlineData("10pxx")]
    [InlineData("calc()")]
    [InlineData("calc(1px + auto)")]
    [InlineData("((((((((((((((((((((1px))))))))))))))))))))")]
    [InlineData("1e999px")]
    [InlineData("")]
    public void No_lengths(string text) => Assert.Null(CssLength.Parse(text));
}
