using PushProxy.Analysis.Media;

namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>Our reading of media queries against Chromium's <c>matchMedia()</c>.</summary>
[Collection(nameof(Browser))]
public class MediaDifferentialTests(Browser browser)
{
    private static readonly string[] Pieces =
    [
        "screen", "print", "all", "tv", "foo", "not", "only", "and", "or", ",", "(color)", "(min-width: 1px)", "(max-width:0)", "(monochrome)",
        "(width >= 1px)", "(1px < width < 9999px)", "(foo)", "(orientation: portrait)", "(orientation: x)", "(", ")", "layer", "/* x */",
        "((color) and (hover))", "(not (color))", "(min-width)", "(min-width: 1)", "(-webkit-min-device-pixel-ratio: 2)", "not (color)", "screen and",
    ];

    [Fact]
    public async Task Every_media_query_is_read_as_chromium_reads_it()
    {
        var random = new Random(1);
        var queries = Enumerable.Range(0, 5000)
            .Select(_ => string.Join(random.Next(8) == 0 ? "" : " ", Enumerable.Range(0, random.Next(1, 7)).Select(_ => Pieces[random.Next(Pieces.Length)])))
            .ToArray();
        var ours = queries.Select(query => MediaQueryList.Parse(query)).ToArray();
        const string Matches = "queries => queries.map(query => matchMedia(query).matches)";
        var theirs = await browser.Page.EvaluateAsync<bool[]>(Matches, queries);

        // What we say depends on the screen is what Chromium says of what we made of it.
        var normal = await browser.Page.EvaluateAsync<bool[]>(Matches, ours.Select(list => list.NeverMatches ? "not all" : list.Condition ?? "all").ToArray());

        var differences = Enumerable.Range(0, queries.Length).Where(i => theirs[i] != normal[i])
            .Select(i => $"{queries[i]}: Chromium {theirs[i]}, we {ours[i]}");
        Assert.True(!differences.Any(), string.Join('\n', differences.Take(20)));
    }
}
