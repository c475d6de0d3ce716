using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>Two Chromiums with a cache: the old one that is pushed to, the current one that gets 103.</summary>
public sealed class BrowserTests(DistantCacheSite site) : IClassFixture<DistantCacheSite>, IDisposable
{
    private readonly DirectoryInfo _profiles = Directory.CreateTempSubdirectory("pushproxy-profiles-");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_next_view_is_told_nothing_and_asks_for_nothing(bool old)
    {
        var page = await MakeAsync(site, $"/next-{old}/");
        await using var browser = await StartAsync(old);
        var tab = await browser.OpenTabAsync();

        var first = await VisitAsync(tab, page);
        await tab.LeaveAsync();
        var second = await tab.VisitAsync(site.Url(page.Path));
        var log = await browser.CloseAsync();

        Assert.All(page.Resources, r => Assert.Equal(old ? "sent=push" : "sent=early-hints", DecisionOn(first.Decision, r)));
        AssertNothing(second, page, old ? "skip=pushed-on-connection" : "skip=served-on-connection");
        Assert.Equal(old ? page.Resources : [], log.Promised);
        Assert.Equal(old ? page.Resources.Count : 0, log.Adopted);
        Assert.Equal(old ? [] : page.Resources, log.Asked.Where(p => page.Resources.Contains(p)).Order());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_process_with_the_same_profile_is_told_nothing_and_asks_for_nothing(bool old)
    {
        var page = await MakeAsync(site, $"/warm-{old}/");
        System.Text.Json.JsonElement cookies;
        await using (var browser = await StartAsync(old))
        {
            var tab = await browser.OpenTabAsync();
            await VisitAsync(tab, page);
            cookies = await tab.GetCookiesAsync();
            await browser.CloseAsync();
        }

        var asked = page.Resources.ToDictionary(r => r, r => site.Origin.RequestsFor(r).Count);
        await using var again = await StartAsync(old);
        var later = await again.OpenTabAsync();
        await later.SetCookiesAsync(cookies);
        var second = await later.VisitAsync(site.Url(page.Path));
        var log = await again.CloseAsync();

        AssertNothing(second, page, "skip=in-cookie");
        Assert.Empty(log.Promised);
        Assert.Equal([page.Path], log.Asked);
        Assert.All(page.Resources, r => Assert.Equal(asked[r], site.Origin.RequestsFor(r).Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_changed_is_delivered_to_a_browser_that_has_the_rest(bool old)
    {
        var page = await MakeAsync(site, $"/changed-{old}/");
        var changed = page.Resources[3];
        page.Set(changed, "1", "Cache-Control: max-age=1");
        await page.ShowOthersAsync();
        await using var browser = await StartAsync(old);
        var tab = await browser.OpenTabAsync();
        await VisitAsync(tab, page);
        var fetched = System.Diagnostics.Stopwatch.GetTimestamp();

        page.Set(changed, "2");
        await site.GetAsync(changed);
        await tab.LeaveAsync();

        // As long as its copy is fresh the browser would not ask, whatever it is told.
        await Eventually.TrueAsync(
            () => System.Diagnostics.Stopwatch.GetElapsedTime(fetched) > TimeSpan.FromSeconds(1.5), () => "Time stands still.");

        // The page waits until what was delivered before it has been asked for: else the document could ask first.
        var (held, asked) = (site.Origin.Hold(page.Path), site.Origin.RequestsFor(changed).Count);
        var visit = tab.VisitAsync(site.Url(page.Path));
        await held.ArrivedAsync();
        await Eventually.TrueAsync(() => site.Origin.RequestsFor(changed).Count > asked, () => "Nothing was delivered.\n" + site.Proxy.Log);
        held.Release();
        var second = await visit;

        Assert.Equal(old ? "sent=push" : "sent=early-hints", DecisionOn(second.Decision, changed));
        Assert.All(
            page.Resources.Except([changed]), r => Assert.StartsWith("skip=", DecisionOn(second.Decision, r), StringComparison.Ordinal));
        Assert.Equal(old ? [] : [(changed, "early-hints")], second.Resources.Where(r => r.Initiator == "early-hints"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task On_a_reload_what_it_would_ask_about_is_linked_and_nothing_else(bool old)
    {
        var page = await MakeAsync(site, $"/reload-{old}/");
        var asked = page.Resources[2];
        page.Set(asked, "1", "Cache-Control: no-cache");
        await page.ShowOthersAsync();
        await using var browser = await StartAsync(old);
        var tab = await browser.OpenTabAsync();
        await VisitAsync(tab, page, except: asked);
        var before = page.Resources.ToDictionary(r => r, r => site.Origin.RequestsFor(r).Count);

        var reload = await tab.ReloadAsync(hard: false);

        Assert.Equal("max-age=0", site.Origin.RequestsFor(page.Path)[^1].Value("Cache-Control"));
        Assert.StartsWith("sent=link", DecisionOn(reload.Decision, asked), StringComparison.Ordinal);
        Assert.All(
            page.Resources.Except([asked]), r => Assert.StartsWith("skip=", DecisionOn(reload.Decision, r), StringComparison.Ordinal));
        Assert.All(page.Resources.Except([asked]), r => Assert.Equal(before[r], site.Origin.RequestsFor(r).Count));
        Assert.True(site.Origin.RequestsFor(asked).Count > before[asked]);
    }

    // The current one would take from its cache what it is told to preload, and fetch nothing: it is told nothing.
    [Theory]
    [InlineData(true, "sent=push")]
    [InlineData(false, "skip=hard-reload")]
    public async Task On_a_hard_reload_everything_is_fetched_and_what_can_be_is_delivered(bool old, string decision)
    {
        var page = await MakeAsync(site, $"/hard-{old}/");
        await using var browser = await StartAsync(old);
        var tab = await browser.OpenTabAsync();
        await VisitAsync(tab, page);
        var before = page.Resources.ToDictionary(r => r, r => site.Origin.RequestsFor(r).Count);

        var reload = await tab.ReloadAsync(hard: true);

        Assert.Equal("no-cache", site.Origin.RequestsFor(page.Path)[^1].Value("Cache-Control"));
        Assert.All(page.Resources, r => Assert.Equal(decision, DecisionOn(reload.Decision, r)));
        Assert.All(page.Resources, r => Assert.True(site.Origin.RequestsFor(r).Count > before[r]));
        Assert.DoesNotContain(reload.Resources, r => r.Initiator == "early-hints");

        // What it was given now it has.
        await tab.LeaveAsync();
        AssertNothing(await tab.VisitAsync(site.Url(page.Path)), page);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Windows_know_nothing_of_each_other_and_tabs_share_what_they_have(bool old)
    {
        var page = await MakeAsync(site, $"/windows-{old}/");
        await using var browser = await StartAsync(old);
        var tab = await browser.OpenTabAsync();
        await VisitAsync(tab, page);
        var secret = await browser.OpenPrivateWindowAsync();
        var other = await browser.OpenPrivateWindowAsync();
        var beside = await browser.OpenTabAsync();

        // Each has a cache of its own, and is delivered everything; a tab of the first window has what that has.
        foreach (var window in new[] { secret, other })
        {
            var visit = await VisitAsync(window, page);
            Assert.All(page.Resources, r => Assert.Equal(old ? "sent=push" : "sent=early-hints", DecisionOn(visit.Decision, r)));
        }

        AssertNothing(await beside.VisitAsync(site.Url(page.Path)), page);

        // And one that got something new tells the others nothing of it.
        page.Set(page.Resources[0], "2");
        await site.GetAsync(page.Resources[0]);
        foreach (var window in new[] { secret, other })
        {
            await window.LeaveAsync();
            var visit = await window.VisitAsync(site.Url(page.Path));
            Assert.Equal(old ? "sent=push" : "sent=early-hints", DecisionOn(visit.Decision, page.Resources[0]));
            Assert.All(page.Resources.Skip(1), r => Assert.StartsWith("skip=", DecisionOn(visit.Decision, r), StringComparison.Ordinal));
        }
    }

    public void Dispose() => _profiles.Delete(recursive: true);

    private Task<Chromium> StartAsync(bool old) =>
        Chromium.StartAsync(
            old ? LoggedBrowser.Old : LoggedBrowser.Current, Path.Combine(_profiles.FullName, old ? "old" : "current"), site.SpkiHash);

    // Up to the moment when it is noted that the browser has all it was given.
    private async Task<TabVisit> VisitAsync(ChromiumTab tab, CachedPage page, string? except = null)
    {
        var resources = page.Resources.Where(r => r != except).ToList();
        var before = resources.ToDictionary(r => r, Known);
        var visit = await tab.VisitAsync(site.Url(page.Path));
        foreach (var resource in resources)
        {
            await Testing.Eventually.TrueAsync(
                () => Known(resource) > before[resource], () => $"{resource} never became known. {visit.Decision}\n{site.Proxy.Log}");
        }

        return visit;

        int Known(string resource) => site.CountKnown(resource, "PushedOnConnection") + site.CountKnown(resource, "ServedOnConnection");
    }

    private static void AssertNothing(TabVisit visit, CachedPage page, string? decision = null)
    {
        Assert.All(page.Resources, r => Assert.StartsWith(decision ?? "skip=", DecisionOn(visit.Decision, r), StringComparison.Ordinal));
        Assert.DoesNotContain("link", visit.Headers.Keys);
        Assert.DoesNotContain(visit.Resources, r => r.Initiator == "early-hints");
        Assert.Equal(page.Resources.Order(), visit.Resources.Select(r => r.Path).Where(p => page.Resources.Contains(p)).Distinct().Order());
    }
}
