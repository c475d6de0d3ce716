using PushProxy.Load.Dashboard;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using Xunit;

namespace PushProxy.EndToEnd.Dashboard;

/// <summary>The dashboard in Chromium: to be seen, to be used by keyboard, live and without script.</summary>
public sealed class ChromiumTests(DashboardProgram program) : IClassFixture<DashboardProgram>
{
    private const string Headline = "document.getElementById('verdict-head').textContent";

    // All that the keyboard has to reach, as it can be told apart.
    private const string Reachable = """
        [...document.querySelectorAll('a[href], button:not([hidden]), input, summary')].filter(e => e.checkVisibility())
          .map((e, i) => (e.dataset.at = String(i))).length
        """;

    [Theory]
    [InlineData(ProofVerdict.Gain, "Pages are displayed 181 ms (22 %) sooner with PushProxy.")]
    [InlineData(ProofVerdict.Harm, "Pages are displayed 140 ms (17 %) later with PushProxy.")]
    [InlineData(ProofVerdict.NotYetDecided, "Not yet decided: 1,240 of about 9,000 views.")]
    public async Task It_says_whether_it_helps_in_light_and_dark_on_a_desk_and_on_a_phone(ProofVerdict verdict, string headline)
    {
        program.Shown.Proof = SampleProof.Of(verdict);
        var window = await program.Browser.OpenWindowAsync();
        foreach (var (width, height, isDark) in new[] { (1200, 900, false), (360, 740, true), (1200, 900, true), (360, 740, false) })
        {
            await window.ResizeAsync(width, height);
            await window.PreferDarkAsync(isDark);
            await window.VisitAsync(program.Shown.Dashboard);
            Looks.Keep(
                $"chromium-{verdict}-{width}-{(isDark ? "dark" : "light")}".ToLowerInvariant(), await window.PictureAsync(wholePage: true));

            Assert.Equal(headline, await window.EvaluateAsync<string>(Headline));
            Assert.Equal("", await window.EvaluateAsync<string>(Looks.Overflowing));
            Assert.Equal("", await window.EvaluateAsync<string>(Looks.Colliding));
            if (verdict != ProofVerdict.NotYetDecided || width > 360)
            {
                await Looks.AssertUsableAsync(window.EvaluateAsync<string>);
            }
        }

        Assert.Empty(window.Console);
    }

    [Fact]
    public async Task A_search_without_script_explains_a_page()
    {
        var window = await program.Browser.OpenWindowAsync(scripts: false);
        await window.ResizeAsync(360, 740);
        await window.VisitAsync(program.Shown.Dashboard);
        await window.EvaluateAsync<string>("document.getElementById('q').focus() ?? ''");
        foreach (var key in "/new/section-0/page-7.html")
        {
            await window.PressAsync($"{key}");
        }

        await window.PressAsync("Enter");
        await Eventually.TrueAsync(
            async () => await TryAsync(window, "document.getElementById('found') !== null && document.readyState === 'complete'"),
            () => "The search finds nothing.");
        Looks.Keep("chromium-search-360", await window.PictureAsync(wholePage: true));
        Assert.Contains("/assets/page-7/2-3f9c2a.css", await window.EvaluateAsync<string>("document.body.innerText"), StringComparison.Ordinal);
        Assert.Equal("", await window.EvaluateAsync<string>(Looks.Overflowing));
        Assert.True(await window.EvaluateAsync<bool>("document.getElementById('pause').hidden"));
    }

    [Fact]
    public async Task The_keyboard_reaches_everything_and_first_of_all_the_way_past_the_rest()
    {
        var window = await program.Browser.OpenWindowAsync();
        await window.VisitAsync(program.Shown.Dashboard);
        await window.EvaluateAsync<string>("document.getElementById('pause').click() ?? ''");
        await window.VisitAsync(program.Shown.Dashboard);
        var all = await window.EvaluateAsync<int>(Reachable);
        var seen = new HashSet<string>();
        for (var i = 0; i < all; i++)
        {
            await window.PressAsync("Tab");
            seen.Add(await window.EvaluateAsync<string>("document.activeElement.dataset.at ?? document.activeElement.localName"));
            if (i == 0)
            {
                Assert.Equal("skip", await window.EvaluateAsync<string>("document.activeElement.className"));
            }
        }

        Assert.Equal(all, seen.Count);
        Assert.True(all > 30, $"Only {all} are there.");
    }

    [Fact]
    public async Task It_is_live_and_disturbs_nobody()
    {
        program.Shown.Proof = SampleProof.Of(ProofVerdict.NotYetDecided);
        var window = await program.Browser.OpenWindowAsync();
        await window.VisitAsync(program.Shown.Dashboard);
        await window.EvaluateAsync<string>("""
            (() => {
              document.querySelector('details').open = true;
              document.querySelector('#q').value = 'half a wo';
              document.querySelectorAll('#pages a')[4].focus();
              window.before = document.activeElement.href;
              document.documentElement.dataset.loaded = 'once';
              return '';
            })()
            """);

        program.Shown.Proof = SampleProof.Of(ProofVerdict.Harm);
        await Eventually.TrueAsync(
            async () => (await window.EvaluateAsync<string>(Headline)).Contains("later", StringComparison.Ordinal),
            () => "The page never changed.");

        Assert.Equal("once half a wo true true", await window.EvaluateAsync<string>("""
            [document.documentElement.dataset.loaded, document.querySelector('#q').value,
              document.activeElement.href === window.before, document.querySelector('details').open].join(' ')
            """));
        Assert.Equal("", await window.EvaluateAsync<string>("""
            performance.getEntriesByType('resource').map(e => e.name).filter(n => n !== location.href + '?part=live').join()
            """));
        Assert.Empty(window.Console);
    }

    // While one page becomes another there is none.
    private static async Task<bool> TryAsync(BrowserWindow window, string expression)
    {
        try
        {
            return await window.EvaluateAsync<bool>(expression);
        }
        catch (Microsoft.Playwright.PlaywrightException)
        {
            return false;
        }
    }
}
