using System.Globalization;
using System.Xml.Linq;
using PushProxy.Load.PageLoad;
using PushProxy.Load.Peers;
using PushProxy.Load.Tests.Support;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.Tests.PageLoad;

/// <summary>The picture of page loads: what is in it, and that a browser can show it.</summary>
public sealed class PageLoadPictureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    // Text that leaves the picture, or lies on other text.
    private const string Unreadable = """
        (() => {
          const texts = [...document.querySelectorAll('text')].map(t => ({ t, b: t.getBBox() }));
          const { width, height } = document.documentElement.viewBox.baseVal;
          const outside = texts.filter(({ b }) => b.x < 0 || b.y < 0 || b.x + b.width > width || b.y + b.height > height)
            .map(({ t }) => 'outside: ' + t.textContent);
          const covered = texts.flatMap(({ t, b }, i) => texts.slice(i + 1)
            .filter(({ b: c }) => b.x < c.x + c.width && c.x < b.x + b.width && b.y + 4 < c.y + c.height && c.y + 4 < b.y + b.height)
            .map(o => t.textContent + ' / ' + o.t.textContent));
          return outside.concat(covered);
        })()
        """;

    [Fact]
    public async Task Every_target_is_in_it_with_all_its_figures()
    {
        var file = new FileInfo(Path.Combine(Directory.CreateTempSubdirectory("picture-").FullName, "images", "pageload.svg"));
        try
        {
            await PageLoadPicture.WriteAsync(Report(), file, TestContext.Current.CancellationToken);
            var picture = XDocument.Parse(await File.ReadAllTextAsync(file.FullName, TestContext.Current.CancellationToken));
            var texts = Texts(picture);
            string[] expected =
            [
                "nginx", "1532", "1901", "1994", "522", "598", "601",
                "stock YARP", "1521", "1890", "2029", "511", "587", "590",
                "PushProxy", "1533", "1703", "1768", "524", "597", "600",
                "first byte", "FCP", "LCP", "First visit", "Cached",
            ];
            Assert.Empty(expected.Except(texts));
            var description = picture.Root!.Element(Svg + "desc")!.Value;
            Assert.Contains("PushProxy, first visit: first byte 1533 ms, FCP 1703 ms, LCP 1768 ms.", description, StringComparison.Ordinal);
            Assert.Contains("Chromium 156.0.1.2, 2026-11-28; median of 7 loads of each server", texts);
            Assert.Contains("Round trip 100 ms, 10 Mbit/s down, 10 up; the origin thinks 200 ms before it sends the page", texts);
        }
        finally
        {
            file.Directory!.Parent!.Delete(recursive: true);
        }
    }

    [Fact]
    public void Marks_stand_where_the_axis_says()
    {
        var picture = PageLoadPicture.Draw(Report());
        var ticks = picture.Descendants(Svg + "text").Where(static t => (string?)t.Attribute("class") == "tick quiet").Take(2).ToList();
        var (origin, second) = ((double)ticks[0].Attribute("x")!, (double)ticks[1].Attribute("x")!);
        Assert.Equal("0", ticks[0].Value);
        var unit = (second - origin) / double.Parse(ticks[1].Value, CultureInfo.InvariantCulture);
        var row = picture.Descendants(Svg + "g").First(static g => g.Elements(Svg + "text").Any(static t => t.Value == "PushProxy"));
        Assert.Equal(origin + (1703 * unit), Tip(row.Elements(Svg + "path").ElementAt(1)), 0.2);
        Assert.Equal(origin + (1768 * unit), Tip(row.Elements(Svg + "path").ElementAt(2)), 0.2);
        var boxes = row.Descendants(Svg + "rect").ToList();
        Assert.Equal(origin + (1533 * unit), (double)boxes[0].Attribute("x")!, 0.2);
        Assert.Equal((1768 - 1703) * unit, (double)boxes[1].Attribute("width")!, 0.2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    [InlineData(1000)]
    [InlineData(60_000)]
    public void The_axis_holds_the_slowest_load_and_has_few_ticks(double slowest)
    {
        var picture = PageLoadPicture.Draw(Report(Summary("nginx", "nginx", "cold", slowest, slowest, slowest)));
        var ticks = picture.Descendants(Svg + "text").Where(static t => (string?)t.Attribute("class") == "tick quiet").ToList();
        Assert.InRange(ticks.Count, 2, 8);
        Assert.Equal(ticks.Count, ticks.Select(static t => t.Value).Distinct().Count());
        var (left, right) = ((double)ticks[0].Attribute("x")!, (double)ticks[^1].Attribute("x")!);
        Assert.InRange(Tip(picture.Descendants(Svg + "path").Last()), left, right + 0.1);
    }

    [Fact]
    public void A_paint_before_the_first_byte_draws_no_box_of_negative_width()
    {
        var picture = PageLoadPicture.Draw(Report(Summary("nginx", "nginx", "cold", 500, 400, 399)));
        var boxes = picture.Descendants(Svg + "g").SelectMany(static g => g.Elements(Svg + "rect")).ToList();
        Assert.Equal(2, boxes.Count);
        Assert.All(boxes, static r => Assert.True((double)r.Attribute("width")! >= 0));
    }

    [Fact]
    public void What_a_name_says_becomes_no_markup()
    {
        const string Evil = "</text><script>alert('&')</script>\"";
        var report = Report(Summary("nginx", Evil, "cold", 1, 2, 3)) with { Browser = Evil };
        var picture = XDocument.Parse(PageLoadPicture.Draw(report).ToString());
        Assert.Empty(picture.Descendants(Svg + "script"));
        Assert.Contains(Evil, Texts(picture));
    }

    [Fact]
    public async Task A_browser_shows_it_light_and_dark_and_fetches_nothing_for_it()
    {
        using var folder = new LoadProgram();
        var file = new FileInfo(Path.Combine(folder.Folder, "pageload.svg"));
        await PageLoadPicture.WriteAsync(Report(), file, TestContext.Current.CancellationToken);
        await using var browser = await Browser.StartAsync();
        var window = await browser.OpenWindowAsync();
        await window.VisitAsync(new Uri(file.FullName));
        Assert.Empty(await window.EvaluateAsync<string[]>(Unreadable));
        const string Colours = "['.paper', 'text'].map(s => getComputedStyle(document.querySelector(s)).fill)";
        var light = await window.EvaluateAsync<string[]>(Colours);
        await window.PreferDarkAsync(true);
        var dark = await window.EvaluateAsync<string[]>(Colours);
        Assert.Equal(4, light.Concat(dark).Distinct().Count());
        Assert.Equal(0, await window.EvaluateAsync<int>("performance.getEntriesByType('resource').length"));
    }

    /// <summary>Where a mark points to.</summary>
    private static double Tip(XElement mark) =>
        double.Parse(((string)mark.Attribute("d")!)[1..].Split(' ')[0], CultureInfo.InvariantCulture);

    private static List<string> Texts(XDocument picture) => [.. picture.Descendants(Svg + "text").Select(static t => t.Value)];

    private static PageLoadReport Report(params LoadSummary[] summaries) => new(
        new DateTimeOffset(2026, 11, 28, 23, 0, 0, TimeSpan.Zero), null, "/", "Chromium 156.0.1.2", 100, 10, 10, 200, 7, 2,
        summaries is not [] ? summaries :
        [
            Summary("nginx", "nginx", "cold", 1532, 1901, 1994), Summary("yarp", "stock YARP", "cold", 1521, 1890, 2029),
            Summary("pushproxy", "PushProxy", "cold", 1533, 1703, 1768),
            Summary("haproxy-103", "HAProxy, 103 by hand", "cold", 1691, 1780, 1915),
            Summary("nginx", "nginx", "warm", 522, 598, 601), Summary("yarp", "stock YARP", "warm", 511, 587, 590),
            Summary("pushproxy", "PushProxy", "warm", 524, 597, 600),
        ],
        []);

    private static LoadSummary Summary(string target, string title, string mode, double firstByte, double first, double largest)
    {
        var none = Of(0);
        return new LoadSummary(
            target, title, mode, Of(firstByte), Of(first), Of(largest), none, none, none, none, none, none, none, none,
            new PaintRatios(Of(1), Of(1)), null);

        static Figure Of(double value) => new(value, value, value);
    }
}
