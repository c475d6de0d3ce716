using PushProxy.Analysis.Images;

namespace PushProxy.Analysis.Tests.Images;

public class SrcSetTests
{
    [Theory]
    [InlineData("a.jpg 1x, b.jpg 2x", 1, "a.jpg")]
    [InlineData("a.jpg 1x, b.jpg 2x", 2, "b.jpg")]
    [InlineData("a.jpg 1x, b.jpg 2x", 1.3, "a.jpg")]
    [InlineData("a.jpg 1x, b.jpg 2x", 1.5, "b.jpg")]
    [InlineData("a.jpg 400w, b.jpg 800w, c.jpg 1600w", 1, "b.jpg")]
    [InlineData("a.jpg 400w, b.jpg 800w, c.jpg 1600w", 2, "c.jpg")]
    [InlineData("a.jpg 500w, b.jpg 700w", 1, "b.jpg")]
    [InlineData("a,b.jpg 2x,c.jpg", 1, "c.jpg")]
    [InlineData("a.jpg nonsense, b.jpg 3x", 1, "b.jpg")]
    [InlineData("data:image/png;base64,AA== 1x, b.jpg 2x", 1, "data:image/png;base64,AA==")]
    public void The_candidate_chromium_takes(string srcset, double ratio, string expected) =>
        Assert.Equal(expected, SrcSet.Choose(SrcSet.Parse(srcset), 800, ratio)!.Value.Url);

    [Theory]
    [InlineData("")]
    [InlineData(" , ,")]
    [InlineData("a.jpg 1x 2w")]
    [InlineData(null)]
    public void None(string? srcset) => Assert.Null(SrcSet.Choose(SrcSet.Parse(srcset), 800, 1));

    [Theory]
    [InlineData(null, 1280)]
    [InlineData("50vw", 640)]
    [InlineData("(max-width: 600px) 100vw, 300px", 300)]
    [InlineData("(min-width: 600px) calc(100vw - 80px), 300px", 1200)]
    [InlineData("auto, 400px", 400)]
    [InlineData("50%", 1280)]
    public void Sizes(string? sizes, double width) => Assert.Equal(width, SizesAttribute.WidthOf(sizes, ClientProfile.Desktop));
}
