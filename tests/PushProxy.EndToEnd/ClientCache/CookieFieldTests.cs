using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>The Set-Cookie field: what it says, and which responses have it.</summary>
public sealed class CookieFieldTests(CacheSite site) : IClassFixture<CacheSite>
{
    [Fact]
    public async Task It_is_for_this_host_alone_and_for_no_script_and_lasts_as_long_as_its_entries()
    {
        var page = await MakeAsync(site, "/attributes/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client);

        var parts = view.SetCookie()!.Split("; ");
        Assert.Equal(["Path=/", "Secure", "HttpOnly", "SameSite=Lax"], parts[2..]);
        Assert.Matches("^__Host-pushproxy=[A-Za-z0-9_-]+$", parts[0]);
        Assert.InRange(CookieJar.MaxAge(view.SetCookie()!), 450, 600);
        Assert.Equal("private", view["cache-control"]);
    }

    [Fact]
    public async Task It_is_set_when_it_changes_and_then_only()
    {
        var page = await MakeAsync(site, "/unchanged/");
        var cookie = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure);

        var second = await page.LookAsync(client, CookieJar.Field(cookie));
        var third = await page.LookAsync(client, CookieJar.Field(cookie));

        Assert.Null(second.SetCookie());
        Assert.Null(third.SetCookie());
        Assert.Null(second["cache-control"]);
    }

    [Fact]
    public async Task It_grows_with_what_another_page_needs()
    {
        var page = await MakeAsync(site, "/first/", ["a.css", "b.css"]);
        var other = await MakeAsync(site, "/second/", ["c.css", "d.css"]);
        var cookie = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await other.ViewAsync(client, CookieJar.Field(cookie));

        await using var later = NodeConnection.Open(site.Proxy.Secure);
        Assert.Equal(other.Resources, view.Delivered);
        Assert.Empty((await page.LookAsync(later, CookieJar.Field(view.CookieValue()))).Delivered);
        Assert.Empty((await other.LookAsync(later, CookieJar.Field(view.CookieValue()))).Delivered);
    }

    [Theory]
    [InlineData("Cache-Control: public, max-age=60")]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Cache-Control: no-cache, s-maxage=60")]
    [InlineData("Cache-Control: max-age=0\nCDN-Cache-Control: max-age=60")]
    [InlineData("Expires: Fri, 01 Jan 2100 00:00:00 GMT")]
    public async Task It_is_not_on_a_page_that_a_shared_cache_may_store(string fields)
    {
        var page = await MakeAsync(site, $"/shared-{(uint)fields.GetHashCode(StringComparison.Ordinal)}/", fields);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client);
        var second = await page.LookAsync(client, CookieJar.Field("garbage"));
        Assert.Equal(page.Resources, view.Promised);
        Assert.Null(view.SetCookie());
        Assert.Null(second.SetCookie());
    }

    [Theory]
    [InlineData("Cache-Control: no-store", "no-store")]
    [InlineData("Cache-Control: private, max-age=60", "private, max-age=60")]
    [InlineData("Cache-Control: ", "private")]
    [InlineData("Cache-Control: no-cache", "no-cache, private")]
    [InlineData("Cache-Control: max-age=0, must-revalidate", "max-age=0, must-revalidate, private")]
    public async Task It_is_on_a_page_that_none_may_store(string fields, string cacheControl)
    {
        var page = await MakeAsync(site, $"/private-{(uint)fields.GetHashCode(StringComparison.Ordinal)}/", fields);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client);
        Assert.NotNull(view.SetCookie());
        Assert.Equal(cacheControl, view["cache-control"]);
    }

    [Fact]
    public async Task It_is_not_set_for_what_is_stale_at_once_to_who_takes_no_push()
    {
        var page = await MakeAsync(site, "/at-once/");
        foreach (var resource in page.Resources)
        {
            page.Set(resource, "1", "Cache-Control: no-cache");
        }

        await page.ShowOthersAsync();
        var heads = await Curl.HeadsAsync(new Uri(site.Proxy.Secure, page.Path), "--http2", AsPage);
        Assert.Null(heads[^1].Value("Set-Cookie"));
        Assert.Null(heads[^1].Value("Cache-Control"));
    }

    [Fact]
    public async Task It_is_not_set_behind_an_intermediary_that_may_be_a_cache()
    {
        var page = await MakeAsync(site, "/via/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.LookAsync(client, "via: 1.1 cache.test");
        Assert.Null(view.SetCookie());
        Assert.Null(view["cache-control"]);
    }

    [Fact]
    public async Task It_is_on_pages_alone_and_over_TLS()
    {
        var page = await MakeAsync(site, "/alone/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client);
        Assert.All(view.Pushes, p => Assert.Equal(200, p.Status));
        Assert.Null((await client.GetAsync(page.Resources[0], CookieJar.Field("garbage"))).SetCookie());
        Assert.Null(
            (await client.SendAsync(
                new NodeRequest(page.Path) { Method = "POST", Fields = [AsPage, CookieJar.Field("garbage")] })).SetCookie());

        var cleartext = await Curl.HeadsAsync(new Uri(site.Proxy.Cleartext, page.Path), "--http1.1", AsPage);
        Assert.Null(Assert.Single(cleartext).Value("Set-Cookie"));
    }

    [Fact]
    public async Task A_script_that_fetches_a_page_makes_the_cookie_forget_nothing()
    {
        var page = await MakeAsync(site, "/navigated/");
        var other = await MakeAsync(site, "/fetched/");
        var cookie = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var fetched = await client.GetAsync(other.Path, "accept: */*", "x-requested-with: XMLHttpRequest", CookieJar.Field(cookie));

        await using var later = NodeConnection.Open(site.Proxy.Secure);
        var kept = fetched.SetCookie() is null ? cookie : fetched.CookieValue();
        Assert.Empty((await page.LookAsync(later, CookieJar.Field(kept))).Delivered);
    }
}
