using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>Pushed, hinted and ordinary requests are answered from the store, and what a client got from it counts as what it has.</summary>
public sealed class DeliveryTests(StoringSite site) : IClassFixture<StoringSite>
{
    [Fact]
    public async Task What_is_pushed_comes_from_the_store()
    {
        const string folder = "/pushed/";
        await MakeAsync(folder);
        var held = site.Origin.Hold(folder);
        var loading = LoggedBrowser.LoadAsync(LoggedBrowser.Old, site.Url(folder), site.SpkiHash);
        await held.ArrivedAsync();
        held.Release();
        var visit = await loading;

        Assert.Equal([folder + "a.css", folder + "b.js"], visit.Promised);
        Assert.Equal(2, visit.Adopted);
        Assert.Contains("<title>ran</title>", visit.Dom, StringComparison.Ordinal);
        Assert.Equal((1, 1), (site.Asked(folder + "a.css"), site.Asked(folder + "b.js")));
    }

    [Fact]
    public async Task What_a_103_names_comes_from_the_store_while_the_origin_thinks()
    {
        const string folder = "/hinted/";
        await MakeAsync(folder);
        var held = site.Origin.Hold(folder);
        await using var browser = await Browser.StartAsync(site.SpkiHash);
        var window = await browser.OpenWindowAsync();
        var hits = await site.Proxy.MetricAsync("pushproxy_cache_requests_total", "outcome=\"hit\"");
        var visiting = window.VisitAsync(site.Url(folder));
        await Eventually.TrueAsync(
            async () => await site.Proxy.MetricAsync("pushproxy_cache_requests_total", "outcome=\"hit\"") >= hits + 2,
            () => "The browser acted on no 103.\n" + site.Proxy.Log);
        held.Release();
        var visit = await visiting;

        Assert.Equal((200, "h2", "ran"), (visit.Status, visit.Protocol, visit.Title));
        await window.UntilPreloadsAreCheckedAsync();
        Assert.Empty(window.UnusedPreloads);
        Assert.Equal((1, 1), (site.Asked(folder + "a.css"), site.Asked(folder + "b.js")));

        // It has both now, and is told of neither.
        var second = await window.VisitAsync(site.Url(folder + "?second"));
        Assert.Equal("ran", second.Title);
        Assert.DoesNotContain("sent=", second.Headers.Single(h => h.Name == "pushproxy-decision").Value, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_came_from_the_store_on_a_connection_is_not_pushed_on_it_again()
    {
        const string folder = "/again/";
        await MakeAsync(folder);
        await using var client = NodeConnection.Open(site.Url("/"));
        await client.GetAsync(folder + "a.css", "user-agent: x");
        var page = await client.GetAsync(folder, "sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-fetch-site: none", "user-agent: x");
        Assert.Equal([folder + "b.js"], page.Pushes.Select(static p => p.Path));
        Assert.Equal((1, 1), (site.Asked(folder + "a.css"), site.Asked(folder + "b.js")));
    }

    private async Task MakeAsync(string folder)
    {
        var text = string.Concat(Enumerable.Range(0, 2000).Select(static i => $"/* {i} */"));
        site.Origin.On(folder + "a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60", $"{text} body {{ color: rgb(1, 2, 3) }}");
        site.Origin.On(folder + "b.js", "200 OK", "Content-Type: text/javascript\nCache-Control: max-age=60\nETag: \"1\"",
            $"/* {text.Replace("*/", "", StringComparison.Ordinal)} */ document.title = 'ran'");
        site.Origin.Page(folder, "<link rel=icon href=data:,>" + EarlySite.Elements(folder + "a.css", folder + "b.js"));
        await site.LearnAsync(folder);
    }
}
