using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A picture's source is delivered only to clients that take that one, as far as their <c>Accept</c> says.</summary>
public sealed class PictureTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Jxl = "<source type=image/jxl srcset=h.jxl>";

    [Theory]
    [InlineData("avif", "", "text/html,image/avif,image/webp", "103")]
    [InlineData("not-avif", "", "text/html,image/webp", "none")]
    [InlineData("unknown", "", "text/html", "link")]
    [InlineData("not-jxl", Jxl, "text/html,image/avif,image/webp", "103")]
    [InlineData("jxl", Jxl, "text/html,image/jxl,image/avif,image/webp", "none")]
    [InlineData("maybe-jxl", Jxl, "text/html", "none")]
    public async Task A_source_is_told_to_those_who_take_it(string folder, string before, string accept, string channel)
    {
        site.Origin.On($"/{folder}/h.avif", "200 OK", "Content-Type: image/avif\nCache-Control: max-age=60", "avif");
        site.Origin.Page(
            $"/{folder}/",
            $"</head><body><picture>{before}<source type=image/avif srcset=h.avif><img src=h.jpg width=360 height=400></picture>");
        await site.LearnAsync($"/{folder}/");

        var hinted = await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: " + accept, "--no-push");
        string[] path = [$"/{folder}/h.avif"];
        Assert.Equal(channel == "103" ? path : [], hinted.Hints.SelectMany(h => h.Preloads));
        Assert.Equal(channel == "none" ? [] : path, hinted.Page!.Preloads);
        Assert.Equal(channel == "none", hinted.Page.Decision.Contains("skip=not-accepted", StringComparison.Ordinal));
    }
}
