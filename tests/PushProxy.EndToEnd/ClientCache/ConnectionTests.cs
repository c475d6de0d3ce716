using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>What a client has been given on a connection it is not given again there.</summary>
public sealed class ConnectionTests(CacheSite site) : IClassFixture<CacheSite>
{
    [Fact]
    public async Task What_was_pushed_is_not_delivered_again()
    {
        var page = await MakeAsync(site, "/pushed/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);

        var first = await page.ViewAsync(client);
        var second = await page.LookAsync(client);

        Assert.Equal(page.Resources, first.Promised);
        AssertNothing(second, page, "skip=pushed-on-connection");
    }

    [Fact]
    public async Task What_was_hinted_and_fetched_is_not_delivered_again()
    {
        var page = await MakeAsync(site, "/hinted/");
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);

        var first = await page.ViewAsync(client);
        var second = await page.LookAsync(client);

        Assert.Single(first.Hints);
        Assert.Equal(page.Resources, first.Hinted);
        Assert.Equal(page.Resources, first.Linked);
        AssertNothing(second, page, "skip=served-on-connection");
    }

    [Fact]
    public async Task Hints_that_were_not_followed_are_repeated()
    {
        var page = await MakeAsync(site, "/unfollowed/");
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        await page.LookAsync(client);
        Assert.Equal(page.Resources, (await page.LookAsync(client)).Hinted);
    }

    [Fact]
    public async Task What_a_client_fetched_for_one_page_is_not_delivered_with_another()
    {
        var page = await MakeAsync(site, "/one/", ["a.css", "b.css"]);
        var other = await MakeAsync(site, "/two/", ["c.css", "../one/b.css"]);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        await page.ViewAsync(client);
        Assert.Equal(["/two/c.css"], (await other.LookAsync(client)).Delivered);
    }

    [Theory]
    [InlineData("whole", "ETag: \"1\"\r\nCache-Control: max-age=600")]
    [InlineData("short", "ETag: \"1\"")]
    [InlineData("bare", "X-Bare: yes")]
    public async Task What_it_has_validated_is_not_delivered(string name, string fields)
    {
        // A 304 need not repeat what has not changed.
        var page = await MakeAsync(site, $"/validated-{name}/");
        site.Origin.On(page.Resources[0], request => request.WriteAsync($"HTTP/1.1 304 Not Modified\r\n{fields}\r\n\r\n"));
        await using var client = NodeConnection.Open(site.Proxy.Secure);

        var answer = await client.GetAsync(page.Resources[0], "if-none-match: \"1\"");
        await site.UntilKnownAsync(page.Resources[0], "Validated");
        var view = await page.LookAsync(client);

        Assert.Equal(304, answer.Status);
        Assert.Equal(page.Resources.Skip(1), view.Promised);
        Assert.DoesNotContain(page.Resources[0], view.Delivered);
        Assert.Equal("skip=validated", DecisionOn(view.Decision, page.Resources[0]));
    }

    [Theory]
    [InlineData("revalidate", "Cache-Control: max-age=0, must-revalidate")]
    [InlineData("no-cache", "Cache-Control: no-cache")]
    [InlineData("bare", "X-Bare: yes")]
    public async Task What_it_would_validate_is_linked_and_not_pushed_again(string name, string lifetime)
    {
        var page = await MakeAsync(site, $"/stale-{name}/", ["a.css", "b.js"]);
        foreach (var resource in page.Resources)
        {
            page.Set(resource, "1", lifetime);
        }

        await page.ShowOthersAsync();
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        Assert.Equal(page.Resources, (await page.ViewAsync(client)).Promised);
        for (var view = 0; view < 3; view++)
        {
            var again = await page.LookAsync(client);
            Assert.Empty(again.Promised);
            Assert.Equal(page.Resources, again.Linked);
            Assert.Contains("sent=link;not-pushed=has-stale-copy", again.Decision, StringComparison.Ordinal);
        }

        // Another version is what it does not have.
        page.Set(page.Resources[1], "2", lifetime);
        await site.GetAsync(page.Resources[1]);
        Assert.Equal([page.Resources[1]], (await page.LookAsync(client)).Promised);
    }

    [Fact]
    public async Task What_an_origin_sends_whole_to_who_asks_about_a_copy_is_pushed_again()
    {
        var page = await MakeAsync(site, "/ignores/", ["a.css"]);
        site.Origin.On(page.Resources[0], "200 OK", "Content-Type: text/css\nETag: \"1\"\nCache-Control: no-cache", "p {}");
        await page.ShowOthersAsync();
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        Assert.Equal(page.Resources, (await page.ViewAsync(client)).Promised);
        Assert.Empty((await page.LookAsync(client)).Promised);

        // Who asks past all caches, or about another version, shows nothing.
        await Curl.HeadsAsync(site.Url(page.Resources[0]), "If-None-Match: \"1\"", "Cache-Control: no-cache");
        await Curl.HeadsAsync(site.Url(page.Resources[0]), "If-None-Match: \"0\"");
        Assert.Empty((await page.LookAsync(client)).Promised);
        await Curl.HeadsAsync(site.Url(page.Resources[0]), "If-None-Match: \"1\"");
        Assert.Equal(page.Resources, (await page.LookAsync(client)).Promised);

        // And from a 304 on, it is otherwise.
        page.Set(page.Resources[0], "1", "Cache-Control: no-cache");
        await Curl.HeadsAsync(site.Url(page.Resources[0]), "If-None-Match: \"1\"");
        Assert.Empty((await page.LookAsync(client)).Promised);
    }

    [Fact]
    public async Task What_it_is_validating_is_not_delivered()
    {
        var page = await MakeAsync(site, "/validating/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var held = site.Origin.Hold(page.Resources[0]);

        var asking = client.GetAsync(page.Resources[0], "if-none-match: \"1\"");
        await held.ArrivedAsync();
        var view = await page.LookAsync(client);
        held.Release();

        Assert.Equal(page.Resources.Skip(1), view.Promised);
        Assert.DoesNotContain(page.Resources[0], view.Delivered);
        Assert.Equal("skip=conditional-request", DecisionOn(view.Decision, page.Resources[0]));
        Assert.Equal(304, (await asking).Status);
    }

    [Fact]
    public async Task What_it_asks_for_in_an_old_version_is_delivered()
    {
        var page = await MakeAsync(site, "/outdated/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var (resource, document) = (site.Origin.Hold(page.Resources[0]), site.Origin.Hold(page.Path));

        // When the page has reached the origin it is decided what is delivered with it.
        var asking = client.GetAsync(page.Resources[0], "if-none-match: \"0\"");
        await resource.ArrivedAsync();
        var looking = page.LookAsync(client);
        await document.ArrivedAsync();
        resource.Release();
        document.Release();

        Assert.Equal(200, (await asking).Status);
        Assert.Equal(page.Resources, (await looking).Promised);
    }

    [Theory]
    [InlineData(false, 7)]
    [InlineData(true, 8)]
    public async Task A_push_that_it_reset_is_not_promised_again(bool inBody, int code)
    {
        var page = await MakeAsync(site, $"/reset-{code}/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var unwanted = page.Resources[1];
        var wanted = page.Resources.Where(r => r != unwanted).ToList();
        site.Origin.On(unwanted, async request =>
        {
            // Long enough for the client to have its say.
            await request.WriteAsync(
                inBody
                    ? $"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: \"1\"\r\n{TenMinutes}\r\nContent-Length: 100000\r\n\r\n/* half"
                    : "");
            await request.HangAsync();
        });

        var first = await client.SendAsync(new NodeRequest(page.Path) { Fields = [AsPage], Resets = [(unwanted, inBody)] });
        await site.UntilKnownAsync(unwanted, "RefusedByClient");
        await Task.WhenAll(wanted.Select(r => site.UntilKnownAsync(r, "PushedOnConnection")));
        var second = await page.LookAsync(client);

        Assert.Equal(page.Resources, first.Promised);
        Assert.Equal(code, first.Pushes.Single(p => p.Path == unwanted).Code);
        Assert.Empty(second.Delivered);
        Assert.Equal("skip=refused-by-client", DecisionOn(second.Decision, unwanted));
        Assert.All(wanted, r => Assert.Equal("skip=pushed-on-connection", DecisionOn(second.Decision, r)));
    }

    [Fact]
    public async Task A_push_that_the_origin_broke_off_is_no_evidence()
    {
        var page = await MakeAsync(site, "/broken/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var broken = page.Resources[2];
        site.Origin.On(broken, async request =>
        {
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: \"1\"\r\n{TenMinutes}\r\nContent-Length: 100000\r\n\r\n/* half");
            request.Close();
        });

        var first = await client.GetAsync(page.Path, AsPage);
        await Task.WhenAll(page.Resources.Where(r => r != broken).Select(r => site.UntilKnownAsync(r, "PushedOnConnection")));
        page.Set(broken, "1");
        var second = await page.LookAsync(client);

        Assert.NotEqual(0, first.Pushes.Single(p => p.Path == broken).Code);
        Assert.Equal([broken], second.Delivered);
        Assert.Equal((200, 0), (second.Pushes.Single().Status, second.Pushes.Single().Code));
    }

    [Fact]
    public async Task A_response_that_the_origin_broke_off_is_no_evidence()
    {
        var page = await MakeAsync(site, "/broken-off/");
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        site.Origin.On(page.Resources[2], async request =>
        {
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nETag: \"1\"\r\n{TenMinutes}\r\nContent-Length: 100000\r\n\r\n/* half");
            request.Close();
        });

        Assert.NotEqual(0, (await client.GetAsync(page.Resources[2])).Code);
        Assert.Equal(page.Resources, (await page.LookAsync(client)).Hinted);
    }

    [Fact]
    public async Task Two_connections_know_nothing_of_each_other()
    {
        var page = await MakeAsync(site, "/separate/");
        await using var one = NodeConnection.Open(site.Proxy.Secure);
        await using var other = NodeConnection.Open(site.Proxy.Secure);
        await page.ViewAsync(one);
        Assert.Equal(page.Resources, (await page.LookAsync(other)).Promised);
        AssertNothing(await page.LookAsync(one), page, "skip=pushed-on-connection");
    }

    private static void AssertNothing(NodeAnswer view, CachedPage page, string decision)
    {
        Assert.Equal((200, 0), (view.Status, view.Code));
        Assert.Empty(view.Pushes);
        Assert.Empty(view.Hints);
        Assert.Null(view["link"]);
        Assert.All(page.Resources, r => Assert.Equal(decision, DecisionOn(view.Decision, r)));
    }
}
