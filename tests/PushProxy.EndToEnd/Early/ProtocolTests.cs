using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>What each version of HTTP gets: interim responses are for HTTP/2 alone, Link is for all.</summary>
public sealed class ProtocolTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Theory]
    // Kestrel, like most, turns away a client that offers HTTP/1.0 in TLS; without an offer it takes what comes.
    [InlineData("--http1.0", "--no-alpn")]
    [InlineData("--http1.1", "--alpn")]
    public async Task Over_HTTP_1_there_is_Link_alone(string version, string negotiation)
    {
        await site.LearnAsync("/old/", "/old/a.css", "/old/b.js");
        foreach (var url in new[] { site.Url("/old/"), new Uri(site.Proxy.Cleartext, "/old/") })
        {
            // Asked twice, in case the first view of a listener's page had to be learned.
            await Curl.HeadsAsync(url, version, negotiation, "Accept: text/html");
            var page = Assert.Single(await Curl.HeadsAsync(url, version, negotiation, "Accept: text/html"));
            Assert.Equal(200, page.Status);
            Assert.StartsWith("HTTP/1.1 ", page.StartLine, StringComparison.Ordinal);
            Assert.Equal(["/old/a.css", "/old/b.js"], page.Preloads());
            Assert.Contains("sent=link", page.Value("PushProxy-Decision"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Over_HTTP_2_there_is_a_103_first()
    {
        await site.LearnAsync("/new/", "/new/a.css");
        var heads = await Curl.HeadsAsync(site.Url("/new/"), "--http2", "Accept: text/html");
        Assert.Equal([103, 200], heads.Select(h => h.Status));
        Assert.All(heads, h => Assert.Equal(["/new/a.css"], h.Preloads()));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_by_name_gets_no_103()
    {
        await site.LearnAsync("/unspoken/", "/unspoken/a.css");
        // An Accept field without a value takes it out of curl's request.
        var page = Assert.Single(await Curl.HeadsAsync(site.Url("/unspoken/"), "--http2", "Accept:"));
        Assert.Equal(["/unspoken/a.css"], page.Preloads());
    }

    [Fact]
    public async Task A_103_comes_while_the_origin_thinks()
    {
        await site.LearnAsync("/thinking/", "/thinking/a.css");
        var held = site.Origin.Hold("/thinking/");
        await using var curl = Testing.RunningTool.Start(
            "curl", "--silent", "--verbose", "--insecure", "--http2", "--output", "/dev/null", "-H", "Accept: text/html",
            site.Url("/thinking/").AbsoluteUri);
        await curl.UntilAsync(() => curl.Error.Contains("< HTTP/2 103", StringComparison.Ordinal), "a 103 while the page is held back");
        Assert.DoesNotContain("< HTTP/2 200", curl.Error, StringComparison.Ordinal);
        held.Release();
        var end = await curl.EndAsync();
        Assert.Equal(0, end.ExitCode);
        Assert.Contains("< HTTP/2 200", end.Error, StringComparison.Ordinal);
    }
}
