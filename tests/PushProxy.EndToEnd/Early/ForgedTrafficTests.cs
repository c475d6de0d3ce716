using System.Collections.Concurrent;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Strangers view a page and ask for something that the page does not name, to have it sent with the cookies of others.
/// </summary>
public sealed class ForgedTrafficTests(GuardedSite site) : IClassFixture<GuardedSite>
{
    private const int Connections = 12;

    /// <summary>The attack and its variations end with nothing told, while what many browsers ask for is told to strangers.</summary>
    /// <param name="folder">What tells the cases apart.</param>
    /// <param name="type">The content type of what the attacker asks for.</param>
    /// <param name="purpose">What the requests say they are for.</param>
    /// <param name="networks">From how many networks the attacker comes.</param>
    /// <param name="bytes">How large the answer is.</param>
    [Theory]
    [InlineData("cart", "application/json", "script", 1, 2)]
    [InlineData("cart-many", "application/json", "script", Connections, 2)]
    [InlineData("large", "application/octet-stream", "script", 1, 8_000_000)]
    [InlineData("stylesheet", "text/css", "style", 1, 8_000_000)]
    [InlineData("other-kind", "text/css", "script", Connections, 2)]
    [InlineData("image", "image/png", "image", Connections, 2)]
    public async Task What_an_attacker_asks_for_is_told_to_nobody(string folder, string type, string purpose, int networks, int bytes)
    {
        var (page, own, late, target) = ($"/forged/{folder}/", $"/forged/{folder}/a.css", $"/forged/{folder}/late.css", $"/api/{folder}/clear");
        var asked = new ConcurrentQueue<Head>();
        site.Origin.Files(own, late);
        site.Origin.Page(page, EarlySite.Elements(own), "ETag: \"1\"");
        site.Origin.On(target, async request =>
        {
            asked.Enqueue(request.Head);
            await request.WriteAsync(RawRequest.Response("200 OK", $"Content-Type: {type}\nCache-Control: max-age=60", new string(' ', bytes)));
        });
        await site.LearnAsync(page);
        for (var i = 0; i < Connections; i++)
        {
            await new Stranger(site, $"127.66.{i % networks}.1").ViewAsync(page, [], (own, "style"), (target, purpose));
        }

        // Views are added up in their order. Once what honest browsers ask for is told, the attacker's have been counted, too.
        var visitors = 0;
        PageAndCookie seen = new("", "", "");
        await Eventually.TrueAsync(
            async () =>
            {
                seen = await new Stranger(site, $"127.77.{visitors++ % 200}.1").ViewAsync(page, [], (own, "style"), (late, "style"));
                return seen.Decision.Contains("found=traffic", StringComparison.Ordinal);
            },
            () => $"{late} was never told; at last the page said '{seen.Decision}'.\n{site.Proxy.Log}");
        Assert.Contains(late, seen.Decision, StringComparison.Ordinal);
        Assert.DoesNotContain(target, seen.Decision + seen.Link, StringComparison.Ordinal);

        // Strangers are told what many asked for. Members are told what the page names.
        var hinted = await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push");
        Assert.Equal([own, late], hinted.Hints.Single().Preloads);
        Assert.Equal([own, late], (await Nghttp.RunAsync(site.Url(page), "accept: text/html")).Promised);
        string[] member = ["accept: text/html", "cookie: session=0alice4c1f22e9d0"];
        hinted = await Nghttp.RunAsync(site.Url(page), [.. member, "--no-push"]);
        Assert.Equal([own], hinted.Hints.Single().Preloads);
        Assert.DoesNotContain(late, hinted.Text, StringComparison.Ordinal);
        Assert.Equal([own], (await Nghttp.RunAsync(site.Url(page), member)).Promised);
        Assert.Equal(Connections, asked.Count);
        Assert.All(asked, head => Assert.Null(head.Value("Cookie")));
    }
}
