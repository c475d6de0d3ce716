using FsCheck.Xunit;
using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using Xunit;

namespace PushProxy.Tests.Client;

public class ReloadTests
{
    [Theory]
    [InlineData(null, null, "None")]
    [InlineData("max-age=0", null, "Page")]
    [InlineData("no-cache", "no-cache", "Hard")]
    [InlineData("no-cache", null, "Hard")]
    [InlineData("max-age=0, no-cache", null, "Hard")]
    [InlineData("no-store", null, "Hard")]
    [InlineData(null, "no-cache", "Hard")]
    [InlineData("max-age=0", "no-cache", "Page")]
    [InlineData("max-age=60", null, "None")]
    [InlineData("max-age=x", null, "None")]
    [InlineData("only-if-cached", "no-cache", "None")]
    public void Is_what_the_navigation_says(string? control, string? pragma, string reload)
    {
        var headers = new HeaderDictionary { ["Cache-Control"] = control, ["Pragma"] = pragma };
        Assert.Equal(Enum.Parse<Reload>(reload), ReloadDetection.Of(headers));
    }

    [Property]
    public void Any_text_gives_an_answer(string?[] control, string? pragma) =>
        Assert.True(Enum.IsDefined(ReloadDetection.Of(new HeaderDictionary { ["Cache-Control"] = control, ["Pragma"] = pragma })));
}
