using PushProxy.Analysis.Images;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Tests.Comparison;

namespace PushProxy.Analysis.Tests.Images;

public class ImageSizeTests
{
    [Fact]
    public void Png() => Assert.Equal(new ImageSize(640, 360), ImageSizeReader.Read(NoiseImage.Of("a-640x360.png")));

    [Theory]
    [InlineData("474946383961 8002 6801 00", 640, 360)]
    [InlineData("FFD8 FFE0 0010 4A46494600010101004800480000 FFC0 0011 08 0168 0280 03", 640, 360)]
    [InlineData("52494646 00000000 57454250 56503858 0A000000 00000000 7F0200 670100", 640, 360)]
    [InlineData("52494646 00000000 57454250 56503820 00000000 000000 9D012A 8002 6801", 640, 360)]
    [InlineData("424D 00000000 00000000 00000000 28000000 80020000 98FEFFFF", 640, 360)]
    [InlineData("00000018 66747970 61766966 00000000 00000014 69737065 00000000 00000280 00000168", 640, 360)]
    public void Others(string hex, int width, int height) =>
        Assert.Equal(new ImageSize(width, height), ImageSizeReader.Read(Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))));

    [Theory]
    [InlineData("<svg width='64' height='36'/>", 64, 36)]
    [InlineData("<?xml version='1.0'?><!-- x --><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 640 360'><path/>", 640, 360)]
    [InlineData("<svg width='1in' viewBox='0,0,2,1'/>", 96, 48)]
    public void Svg(string text, double width, double height) => Assert.Equal(new ImageSize(width, height), ImageSizeReader.Read(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_is_none_or_cut_has_no_size()
    {
        var random = new Random(1);
        foreach (var start in new[] { "89504E470D0A1A0A", "474946383961", "FFD8FFE0FFFF", "52494646000000005745425056503858", "424D", "0000001866747970", "3C73766720", "" })
        {
            for (var length = 0; length < 64; length++)
            {
                var bytes = new byte[length];
                random.NextBytes(bytes);
                _ = ImageSizeReader.Read([.. Convert.FromHexString(start), .. bytes]);
                Assert.Null(ImageSizeReader.Read(Convert.FromHexString(start)));
            }
        }
    }
}
