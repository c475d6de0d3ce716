using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Two Chromiums before the program: the old one uses what is pushed, the current one acts on 103.</summary>
public sealed class BrowserTests(DistantSite site) : IClassFixture<DistantSite>
{
    private const string Script = "document.title = 'ran'";

    [Fact]
    public async Task Chromium_103_uses_all_that_is_pushed_and_asks_for_none_of_it()
    {
        await MakeAsync("/old/");
        var held = site.Origin.Hold("/old/");
        var loading = LoggedBrowser.LoadAsync(LoggedBrowser.Old, site.Url("/old/"), site.SpkiHash);

        // The origin is asked for what the browser could not know of yet.
        await Eventually.TrueAsync(
            () => site.Origin.RequestsFor("/old/a.css").Count > 0
                && site.Origin.RequestsFor("/old/b.js").Count > 0, () => "Nothing was pushed.\n" + site.Proxy.Log);
        held.Release();
        var visit = await loading;

        Assert.Equal(["/old/a.css", "/old/b.js"], visit.Promised);
        Assert.Equal(2, visit.Adopted);
        Assert.DoesNotContain("/old/a.css", visit.Asked);
        Assert.DoesNotContain("/old/b.js", visit.Asked);
        Assert.Contains("<title>ran</title>", visit.Dom, StringComparison.Ordinal);
        Assert.Single(site.Origin.RequestsFor("/old/a.css"));
    }

    [Fact]
    public async Task Chromium_103_uses_what_the_first_visit_ever_pushes()
    {
        Make("/old-first/");
        var visit = await LoggedBrowser.LoadAsync(LoggedBrowser.Old, site.Url("/old-first/"), site.SpkiHash);
        Assert.Equal(["/old-first/a.css", "/old-first/b.js"], visit.Promised);
        Assert.Equal(2, visit.Adopted);
        Assert.Contains("<title>ran</title>", visit.Dom, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Current_Chromium_loads_what_a_103_names_while_the_origin_thinks()
    {
        const string folder = "/current/";
        await MakeAsync(folder);
        var held = site.Origin.Hold(folder);
        await using var browser = await Browser.StartAsync(site.SpkiHash);
        var window = await browser.OpenWindowAsync();
        var visiting = window.VisitAsync(site.Url(folder));

        await Eventually.TrueAsync(
            () => site.Origin.RequestsFor(folder + "a.css").Count > 0 && site.Origin.RequestsFor(folder + "b.js").Count > 0,
            () => "The browser acted on no 103.\n" + site.Proxy.Log);
        held.Release();
        var visit = await visiting;

        Assert.Equal((200, "h2", "ran"), (visit.Status, visit.Protocol, visit.Title));
        var decision = visit.Headers.Single(h => h.Name == "pushproxy-decision").Value;
        Assert.Equal(2, decision.Split("sent=early-hints").Length - 1);
        Assert.Equal(
            [$"{folder}a.css early-hints", $"{folder}b.js early-hints"],
            await window.EvaluateAsync<string[]>(
                "performance.getEntriesByType('resource').map(e => new URL(e.name).pathname + ' ' + e.initiatorType).filter(e => "
                + "!e.includes('favicon')).sort()"));

        await window.UntilPreloadsAreCheckedAsync();
        Assert.Empty(window.UnusedPreloads);
        Assert.DoesNotContain(
            window.Console, m => m.StartsWith("uncaught", StringComparison.Ordinal) || m.StartsWith("error", StringComparison.Ordinal));
        Assert.Single(site.Origin.RequestsFor(folder + "a.css"));
        Assert.Single(site.Origin.RequestsFor(folder + "b.js"));
    }

    [Theory]
    [InlineData("no-cache", "Cache-Control: no-cache\nETag: \"1\"")]
    [InlineData("max-age-0", "Cache-Control: max-age=0\nLast-Modified: Tue, 24 Nov 2026 10:00:00 GMT")]
    [InlineData("must-revalidate", "Cache-Control: max-age=0, must-revalidate\nETag: \"1\"")]
    [InlineData("no-lifetime", "ETag: \"1\"")]
    public async Task Current_Chromium_asks_once_for_what_does_not_stay_fresh(string name, string fields)
    {
        var folder = $"/stale-{name}/";
        Make(folder);
        site.Origin.On(folder + "a.css", "200 OK", "Content-Type: text/css\n" + fields, "p {}");
        await site.LearnAsync(folder);
        var (before, scripts) = (site.Origin.RequestsFor(folder + "a.css").Count, site.Origin.RequestsFor(folder + "b.js").Count);

        // A browser asks for what a 103 names in its order, and the stylesheet would come before the script.
        var held = site.Origin.Hold(folder);
        await using var browser = await Browser.StartAsync(site.SpkiHash);
        var window = await browser.OpenWindowAsync();
        var visiting = window.VisitAsync(site.Url(folder));
        await Eventually.TrueAsync(
            () => site.Origin.RequestsFor(folder + "b.js").Count > scripts, () => "The browser acted on no 103.\n" + site.Proxy.Log);
        Assert.Equal(before, site.Origin.RequestsFor(folder + "a.css").Count);
        held.Release();
        var visit = await visiting;

        Assert.Equal("ran", visit.Title);
        Assert.Equal(1, site.Origin.RequestsFor(folder + "a.css").Count - before);
        Assert.Equal([folder + "a.css", folder + "b.js"], visit.Links.Where(l => l.IsPreload).Select(l => l.Target));
        Assert.Contains(
            $"\"{folder}a.css\";as=style;found=head-stylesheet;sent=link;not-hinted=stale",
            visit.Headers.Single(h => h.Name == "pushproxy-decision").Value,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cookie-old", true)]
    [InlineData("cookie-current", false)]
    public async Task Chromium_asks_once_for_what_varies_by_a_cookie_that_the_page_sets(string name, bool isOld)
    {
        // As DokuWiki has it. A request made before the page has come has no cookie, and the page's own has one.
        var (folder, visits) = ($"/{name}/", 0);
        Make(folder);
        site.Origin.On(folder + "a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nETag: \"1\"\nVary: Cookie", "p {}");
        site.Origin.On(folder, request => request.WriteAsync(RawRequest.Response(
            "200 OK",
            $"Content-Type: text/html\nSet-Cookie: session=visitor{Interlocked.Increment(ref visits)}of0c1f22e9d0; Path=/",
            ScriptedSite.Html("<link rel=icon href=data:,>" + EarlySite.Elements(folder + "a.css", folder + "b.js")))));
        await site.LearnAsync(folder);
        var before = site.Origin.RequestsFor(folder + "a.css").Count;

        var scripts = site.Origin.RequestsFor(folder + "b.js").Count;

        // The script comes early, so the stylesheet would have come, too.
        var held = site.Origin.Hold(folder);
        var loading = LoggedBrowser.LoadAsync(isOld ? LoggedBrowser.Old : LoggedBrowser.Current, site.Url(folder), site.SpkiHash);
        await Eventually.TrueAsync(
            () => site.Origin.RequestsFor(folder + "b.js").Count > scripts, () => "Nothing was told early.\n" + site.Proxy.Log);
        Assert.Equal(before, site.Origin.RequestsFor(folder + "a.css").Count);
        held.Release();
        var visit = await loading;

        Assert.Contains("<title>ran</title>", visit.Dom, StringComparison.Ordinal);
        Assert.Equal(1, site.Origin.RequestsFor(folder + "a.css").Count - before);
    }

    [Fact]
    public async Task Current_Chromium_is_pushed_nothing()
    {
        await MakeAsync("/refuses/");
        var visit = await LoggedBrowser.LoadAsync(LoggedBrowser.Current, site.Url("/refuses/"), site.SpkiHash);
        Assert.Empty(visit.Promised);
        Assert.Contains("<title>ran</title>", visit.Dom, StringComparison.Ordinal);
    }

    private void Make(string folder)
    {
        site.Origin.Files(folder + "a.css");
        site.Origin.On(folder + "b.js", "200 OK", "Content-Type: text/javascript\nCache-Control: max-age=60", Script);
        site.Origin.Page(folder, "<link rel=icon href=data:,>" + EarlySite.Elements(folder + "a.css", folder + "b.js"));
    }

    private async Task MakeAsync(string folder)
    {
        Make(folder);
        await site.LearnAsync(folder);
    }
}
