using PushProxy.Analysis;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class AnswerFactsTests
{
    [Theory]
    [InlineData("text/css", ResourceKind.Style, true)]
    [InlineData(" TEXT/CSS ; charset=utf-8", ResourceKind.Style, true)]
    [InlineData("text/csss", ResourceKind.Style, false)]
    [InlineData("text/html", ResourceKind.Style, false)]
    [InlineData("text/plain", ResourceKind.Style, false)]
    [InlineData("text/javascript", ResourceKind.Script, true)]
    [InlineData("application/x-javascript;v=1", ResourceKind.Script, true)]
    [InlineData("application/json", ResourceKind.Script, false)]
    [InlineData("text/html+javascript", ResourceKind.Script, false)]
    [InlineData("font/woff2", ResourceKind.Font, true)]
    [InlineData("application/font-woff", ResourceKind.Font, true)]
    [InlineData("application/octet-stream", ResourceKind.Font, true)]
    [InlineData("application/octet-stream", ResourceKind.Script, false)]
    [InlineData("text/html", ResourceKind.Font, false)]
    [InlineData("image/svg+xml", ResourceKind.Image, true)]
    [InlineData("text/html", ResourceKind.Image, false)]
    [InlineData("", ResourceKind.Image, false)]
    [InlineData(null, ResourceKind.Font, false)]
    public void The_answers_type_decides(string? type, ResourceKind kind, bool fits) => Assert.Equal(fits, MediaKind.Fits(type, kind));

    [Fact]
    public void Size_is_judged_at_its_limit()
    {
        var answer = new AnswerFacts { Type = "text/css", CanBeKept = true, Size = 4096 };
        Assert.Equal(ResourceSkip.None, answer.WhyNotTold(ResourceKind.Style, 4096));
        Assert.Equal(ResourceSkip.TooLarge, answer.WhyNotTold(ResourceKind.Style, 4095));
        Assert.Equal(ResourceSkip.SizeUnknown, (answer with { Size = -1 }).WhyNotTold(ResourceKind.Style, 4096));
        Assert.Equal(ResourceSkip.NotKept, (answer with { CanBeKept = false }).WhyNotTold(ResourceKind.Style, 4096));
        Assert.Equal(ResourceSkip.OtherType, answer.WhyNotTold(ResourceKind.Script, 4096));
    }
}
