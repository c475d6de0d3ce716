using System.Net;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>What one client has an origin answer does not take away what others are delivered.</summary>
public sealed class TakenAwayTests(GuardedSite site) : IClassFixture<GuardedSite>
{
    /// <summary>What a request field makes of one answer takes nothing away from others, however often one client sends it.</summary>
    [Theory]
    [InlineData("takes-redirect", "302 Found", "Location: /m/", "")]
    [InlineData("takes-404", "404 Not Found", "Content-Type: text/html", "<p>gone")]
    [InlineData("takes-json", "200 OK", "Content-Type: application/json", "{}")]
    [InlineData("takes-policy", "200 OK", "Content-Type: text/html\nContent-Security-Policy: default-src 'none'", null)]
    public async Task One_client_takes_a_page_from_nobody(string folder, string status, string fields, string? body)
    {
        var (page, css) = ($"/{folder}/", $"/{folder}/a.css");
        var html = ScriptedSite.Html(EarlySite.Elements(css));
        site.Origin.Files(css);
        site.Origin.On(page, r => r.WriteAsync(r.Head.Value("User-Agent") == "Old/1"
            ? RawRequest.Response(status, fields, body ?? html)
            : RawRequest.Response("200 OK", "Content-Type: text/html", html)));
        await site.LearnAsync(page);
        using var attacker = new HttpClient(Http2Client.NewHandler(IPAddress.Parse("127.66.7.1")));
        for (var i = 0; i < 4; i++)
        {
            // One connection, and then somebody else.
            await AskAsync(attacker, page, "Old/1");
            await AskAsync(attacker, page, "Old/1");
            Assert.Equal([css], Assert.Single((await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push")).Hints).Preloads);
        }
    }

    /// <summary>A page that names nothing, at one address, does not end what the pages of a folder share.</summary>
    [Fact]
    public async Task One_address_ends_no_template()
    {
        site.Origin.Files("/kept/all.css");
        foreach (var name in Enumerable.Range(0, 9).Select(i => $"/kept/{i}"))
        {
            site.Origin.Page(name, EarlySite.Elements("/kept/all.css"));
        }

        site.Origin.Page("/kept/bare", "");
        for (var i = 0; i < 4; i++)
        {
            await new Stranger(site, $"127.77.8.{i}").UntilLearnedAsync($"/kept/{i}");
        }

        await UntilEarlyAsync("/kept/5", "/kept/all.css");
        for (var i = 0; i < 3; i++)
        {
            await new Stranger(site, "127.66.8.1").UntilLearnedAsync("/kept/bare");
        }

        await UntilEarlyAsync("/kept/6", "/kept/all.css");
    }

    private async Task UntilEarlyAsync(string page, string resource)
    {
        IReadOnlyList<string> early = [];
        await Eventually.TrueAsync(
            async () =>
            {
                early = [.. (await Nghttp.RunAsync(site.Url(page), "accept: text/html", "--no-push")).Hints.SelectMany(h => h.Preloads)];
                return early.SequenceEqual([resource]);
            },
            () => $"{page} was never expected to need {resource}, but {string.Join(", ", early)}.\n{site.Proxy.Log}");
    }

    private async Task AskAsync(HttpClient client, string page, string agent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Url(page))
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        request.Headers.TryAddWithoutValidation("User-Agent", agent);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }
}
