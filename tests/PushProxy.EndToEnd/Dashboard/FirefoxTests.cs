using PushProxy.Load.Dashboard;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using Xunit;

namespace PushProxy.EndToEnd.Dashboard;

/// <summary>The dashboard in Firefox.</summary>
public sealed class FirefoxTests
{
    [Fact]
    public async Task It_says_whether_it_helps_on_a_desk_and_on_a_phone()
    {
        await using var shown = await ShownProgram.StartAsync(("PushProxy:Learning:NamedBy", "1"));
        shown.Learn(150, resources: 5);
        shown.Proof = SampleProof.Of(ProofVerdict.Gain);
        await using var browser = await Firefox.StartAsync();
        await using var tab = (IPicturedTab)await browser.OpenTabAsync();
        foreach (var width in new[] { 1200, 360 })
        {
            await tab.ResizeAsync(width, 800);
            await tab.GoAsync(new Uri(shown.Dashboard, $"?q=page-{width}"));
            await Eventually.TrueAsync(
                async () => await tab.EvaluateAsync("document.readyState + location.search") == $"complete?q=page-{width}",
                () => "The page does not load.");
            Looks.Keep($"firefox-gain-{width}", await tab.PictureAsync());
            Assert.Equal(
                "Pages are displayed 181 ms (22 %) sooner with PushProxy.",
                await tab.EvaluateAsync("document.getElementById('verdict-head').textContent"));
            Assert.Equal("", await tab.EvaluateAsync(Looks.Overflowing));
            Assert.Equal("", await tab.EvaluateAsync(Looks.Colliding));

            // The script runs: it shows its button.
            Assert.Equal("false", await tab.EvaluateAsync("String(document.getElementById('pause').hidden)"));
            await Looks.AssertUsableAsync(tab.EvaluateAsync);
        }
    }
}
