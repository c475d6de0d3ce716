using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>
/// A client has a resource in a version, for as long as it is fresh: another version is delivered, and so is what has expired.
/// </summary>
public sealed class VersionTests(CacheSite site) : IClassFixture<CacheSite>
{
    private const string LongAgo = "Mon, 04 May 2020 10:20:30 GMT";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_five_the_one_that_changed_is_delivered_and_no_other(bool push)
    {
        var page = await MakeAsync(site, push ? "/changed/" : "/changed-hinted/");
        await using var client = NodeConnection.Open(site.Proxy.Secure, push);
        await page.ViewAsync(client);
        Assert.Empty((await page.LookAsync(client)).Delivered);

        page.Set(page.Resources[3], "2");
        await site.GetAsync(page.Resources[3]);
        var view = await page.ViewAsync(client);

        Assert.Equal([page.Resources[3]], view.Delivered);
        Assert.Equal(push ? [page.Resources[3]] : [], view.Promised);
        Assert.Equal(push ? [] : [page.Resources[3]], view.Hinted);
        Assert.All(view.Pushes, p => Assert.StartsWith("/* 2 */", p.Body, StringComparison.Ordinal));
        Assert.Empty((await page.LookAsync(client)).Delivered);
    }

    [Fact]
    public async Task Of_five_the_one_that_expired_is_delivered_and_no_other()
    {
        var page = await MakeAsync(site, "/expired/");
        page.Set(page.Resources[1], "1", "Cache-Control: max-age=2");
        await page.ShowOthersAsync();
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        await page.ViewAsync(client);

        // Nothing it is told of is fetched: what expires is hinted, and hinted again.
        IReadOnlyList<string> delivered = [];
        await Eventually.TrueAsync(
            async () => (delivered = (await page.LookAsync(client)).Delivered).Count > 0, () => "What had expired was never delivered.");

        Assert.Equal([page.Resources[1]], delivered);
    }

    [Theory]
    [InlineData("etag", "ETag: \"1\"\nCache-Control: max-age=600")]
    [InlineData("weak", "ETag: W/\"1\"\nCache-Control: public, max-age=600, immutable")]
    [InlineData("expires", "ETag: \"1\"\nExpires: Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("heuristic", "Last-Modified: " + LongAgo)]
    [InlineData("date", "Last-Modified: " + LongAgo + "\nCache-Control: max-age=600")]
    [InlineData("content", "Cache-Control: max-age=600")]
    public async Task What_is_fresh_by_these_fields_is_not_delivered_again(string name, string fields)
    {
        foreach (var push in new[] { true, false })
        {
            var (page, second) = await ViewTwiceAsync($"/fresh-{name}-{push}/", fields, push);
            Assert.Equal([page.Resources[1]], second.Delivered);
            Assert.Equal(push ? "skip=pushed-on-connection" : "skip=served-on-connection", DecisionOn(second.Decision, page.Resources[0]));
        }
    }

    [Theory]
    [InlineData("no-cache", "ETag: \"1\"\nCache-Control: no-cache")]
    [InlineData("no-age", "ETag: \"1\"\nCache-Control: max-age=0")]
    [InlineData("both", "ETag: \"1\"\nCache-Control: no-cache, max-age=600")]
    [InlineData("nothing", "ETag: \"1\"")]
    [InlineData("past", "ETag: \"1\"\nExpires: " + LongAgo)]
    [InlineData("vary", "ETag: \"1\"\nCache-Control: max-age=600\nVary: *")]
    [InlineData("old", "ETag: \"1\"\nCache-Control: max-age=600\nAge: 600")]
    [InlineData("shared", "ETag: \"1\"\nCache-Control: s-maxage=600")]
    public async Task What_must_be_asked_for_again_is_never_taken_as_cached(string name, string fields)
    {
        foreach (var push in new[] { true, false })
        {
            var (page, second) = await ViewTwiceAsync($"/stale-{name}-{push}/", fields, push);
            Assert.Equal(page.Resources.Take(2), second.Delivered);
        }
    }

    [Fact]
    public async Task What_must_not_be_stored_is_not_delivered_at_all()
    {
        var (page, second) = await ViewTwiceAsync("/no-store/", "ETag: \"1\"\nCache-Control: no-store", push: true);
        Assert.Equal([page.Resources[1]], second.Delivered);
        Assert.Equal("skip=private-resource", DecisionOn(second.Decision, page.Resources[0]));
    }

    [Fact]
    public async Task An_answer_that_may_not_be_kept_ends_what_was_known()
    {
        var page = await MakeAsync(site, "/ended/");
        await using var client = NodeConnection.Open(site.Proxy.Secure);
        await page.ViewAsync(client);
        Assert.Empty((await page.LookAsync(client)).Delivered);

        // The same version, which this client must ask for again from now on.
        page.Set(page.Resources[0], "1", "Cache-Control: no-cache");
        await client.GetAsync(page.Resources[0]);
        Assert.Equal([page.Resources[0]], (await page.LookAsync(client)).Delivered);
    }

    [Fact]
    public async Task Content_that_changed_is_another_version_where_nothing_else_tells()
    {
        var page = await MakeAsync(site, "/content/");
        page.SetFields(page.Resources[2], TenMinutes, "1");
        await site.GetAsync(page.Resources[2]);
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        await page.ViewAsync(client);
        Assert.Empty((await page.LookAsync(client)).Delivered);

        var before = site.CountKnown(page.Resources[2], "ServedOnConnection");
        page.SetFields(page.Resources[2], TenMinutes, "2");
        await site.GetAsync(page.Resources[2]);
        await site.UntilKnownAsync(page.Resources[2], "ServedOnConnection", before + 1);
        Assert.Equal([page.Resources[2]], (await page.LookAsync(client)).Delivered);
    }

    // The first resource has these fields, the second may not be kept and is delivered every time, and by the third it is known that the
    // first view has been noted.
    private async Task<(CachedPage Page, NodeAnswer Second)> ViewTwiceAsync(string path, string fields, bool push)
    {
        var page = await MakeAsync(site, path, ["a.css", "always.css", "never.css"]);
        page.SetFields(page.Resources[0], fields);
        page.Set(page.Resources[1], "1", "Cache-Control: no-cache");
        await page.ShowOthersAsync();
        await using var client = NodeConnection.Open(site.Proxy.Secure, push);
        var evidence = push ? "PushedOnConnection" : "ServedOnConnection";
        var before = site.CountKnown(page.Resources[2], evidence);
        var first = await page.LookAsync(client);
        foreach (var resource in page.Resources.Except(first.Promised))
        {
            await client.GetAsync(resource);
        }

        await site.UntilKnownAsync(page.Resources[2], evidence, before + 1);
        var second = await page.LookAsync(client);
        Assert.DoesNotContain(page.Resources[2], second.Delivered);
        return (page, second);
    }
}
