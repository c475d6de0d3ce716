using System.Buffers.Text;
using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>A cookie remembers over connections what a client was given.</summary>
public sealed class CookieTests(CacheSite site) : IClassFixture<CacheSite>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_new_connection_nothing_is_delivered(bool push)
    {
        var page = await MakeAsync(site, $"/again-{push}/");
        var cookie = await CookieJar.EarnAsync(site, page);

        await using var client = NodeConnection.Open(site.Proxy.Secure, push);
        var view = await page.LookAsync(client, CookieJar.Field(cookie));

        Assert.Equal((200, 0), (view.Status, view.Code));
        Assert.Empty(view.Pushes);
        Assert.Empty(view.Hints);
        Assert.Null(view["link"]);
        Assert.All(page.Resources, r => Assert.Equal("skip=in-cookie", DecisionOn(view.Decision, r)));
    }

    [Fact]
    public async Task On_a_new_connection_what_has_to_be_validated_is_linked_and_not_pushed()
    {
        var page = await MakeAsync(site, "/again-stale/", ["a.css", "b.js"]);
        foreach (var resource in page.Resources)
        {
            page.Set(resource, "1", "Cache-Control: no-cache");
        }

        await page.ShowOthersAsync();
        var cookie = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.LookAsync(client, CookieJar.Field(cookie));
        Assert.Empty(view.Promised);
        Assert.Equal(page.Resources, view.Linked);
    }

    [Fact]
    public async Task A_client_that_takes_no_pushes_needs_no_cookie_for_what_it_validates()
    {
        var page = await MakeAsync(site, "/no-push-stale/", ["a.css", "b.js"]);
        foreach (var resource in page.Resources)
        {
            page.Set(resource, "1", "Cache-Control: no-cache");
        }

        await page.ShowOthersAsync();
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        for (var view = 0; view < 3; view++)
        {
            var answer = await page.ViewAsync(client);
            Assert.Null(answer.SetCookie());
            Assert.Null(answer["cache-control"]);
        }
    }

    [Fact]
    public async Task What_was_fetched_in_advance_is_not_taken_for_what_a_browser_has()
    {
        var page = await MakeAsync(site, "/prefetched/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var prefetched = await client.GetAsync(page.Path, AsPage, "sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-purpose: prefetch");
        Assert.Equal(200, prefetched.Status);
        Assert.Null(prefetched.SetCookie());
    }

    [Fact]
    public async Task A_client_that_is_only_told_by_Link_is_told_nothing()
    {
        var page = await MakeAsync(site, "/linked/");
        var cookie = await CookieJar.EarnAsync(site, page);
        var without = await Curl.HeadsAsync(site.Url(page.Path), "--http1.1", AsPage);
        var with = await Curl.HeadsAsync(site.Url(page.Path), "--http1.1", AsPage, CookieJar.Field(cookie));
        Assert.Equal(page.Resources, Assert.Single(without).Preloads());
        Assert.Null(Assert.Single(with).Value("Link"));
    }

    [Fact]
    public async Task Nghttp_with_the_cookie_is_promised_nothing()
    {
        var page = await MakeAsync(site, "/nghttp/");
        var cookie = await CookieJar.EarnAsync(site, page);
        Assert.Equal(page.Resources, (await Nghttp.RunAsync(site.Url(page.Path), AsPage)).Promised);
        Assert.Empty((await Nghttp.RunAsync(site.Url(page.Path), AsPage, CookieJar.Field(cookie))).Promised);
        Assert.Empty((await Nghttp.RunAsync(site.Url(page.Path), AsPage, CookieJar.Field(cookie), "--no-push")).Hints);
    }

    [Fact]
    public async Task Of_five_the_one_that_changed_is_delivered_and_the_cookie_names_it_from_then_on()
    {
        var page = await MakeAsync(site, "/changed/");
        var cookie = await CookieJar.EarnAsync(site, page);
        page.Set(page.Resources[4], "2");
        await site.GetAsync(page.Resources[4]);

        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client, CookieJar.Field(cookie));
        Assert.Equal([page.Resources[4]], view.Delivered);
        Assert.Equal([page.Resources[4]], view.Promised);

        await using var later = NodeConnection.Open(site.Proxy.Secure);
        Assert.Empty((await page.LookAsync(later, CookieJar.Field(view.CookieValue()))).Delivered);
    }

    [Fact]
    public async Task What_must_be_asked_for_again_is_not_in_it()
    {
        var page = await MakeAsync(site, "/ask/");
        page.Set(page.Resources[2], "1", "Cache-Control: no-cache");
        await page.ShowOthersAsync();
        var cookie = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        Assert.Equal([page.Resources[2]], (await page.LookAsync(client, CookieJar.Field(cookie))).Delivered);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("garbage")]
    [InlineData("truncated")]
    [InlineData("foreign")]
    [InlineData("changed")]
    [InlineData("old-format")]
    [InlineData("long")]
    [InlineData("quotes")]
    public async Task What_cannot_be_read_is_ignored_and_replaced(string kind)
    {
        var page = await MakeAsync(site, $"/unreadable-{kind}/");
        var good = await CookieJar.EarnAsync(site, page);
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);

        var view = await page.LookAsync(client, CookieJar.Field(Spoil(good, kind)));

        Assert.Equal((200, 0), (view.Status, view.Code));
        Assert.Equal(page.Resources, view.Hinted);
        await using var later = NodeConnection.Open(site.Proxy.Secure);
        Assert.Empty((await page.LookAsync(later, CookieJar.Field(view.CookieValue()))).Delivered);
        Assert.Equal(0, await site.Proxy.MetricAsync("pushproxy_errors_total"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_deleted_where_there_is_nothing_to_say()
    {
        site.Origin.Page("/empty/", "");
        await site.LearnAsync("/empty/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await client.GetAsync("/empty/", AsPage, CookieJar.Field("garbage"));
        Assert.Equal("", view.CookieValue());
        Assert.Equal(0, CookieJar.MaxAge(view.SetCookie()!));
    }

    [Fact]
    public async Task Two_clients_with_the_same_cache_have_the_same_cookie()
    {
        var page = await MakeAsync(site, "/same/");
        foreach (var resource in page.Resources)
        {
            // The same moment for both.
            page.Set(resource, "1", "Expires: Fri, 01 Jan 2027 00:00:00 GMT");
        }

        await page.ShowOthersAsync();
        Assert.Equal(await CookieJar.EarnAsync(site, page), await CookieJar.EarnAsync(site, page));
    }

    private static string Spoil(string good, string kind)
    {
        var bytes = Base64Url.DecodeFromChars(good);
        switch (kind)
        {
            case "nothing":
                return "";
            case "garbage":
                return "%00{\"a\":[1,2]}!";
            case "truncated":
                return good[..^3];
            case "foreign":
                return Base64Url.EncodeToString("session=0123456789; user=somebody"u8);
            case "changed":
                bytes[^1] ^= 0x40;
                return Base64Url.EncodeToString(bytes);
            case "old-format":
                bytes[0]--;
                return Base64Url.EncodeToString(bytes);
            case "long":
                return string.Concat(Enumerable.Repeat(good, 100));
            default:
                return "\"\"\"";
        }
    }
}
