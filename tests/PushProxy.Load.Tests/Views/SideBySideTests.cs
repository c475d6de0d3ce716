using PushProxy.Load.Site;
using PushProxy.Load.Tests.Support;
using PushProxy.Load.Views;
using PushProxy.Load.Views.Report;

namespace PushProxy.Load.Tests.Views;

/// <summary>The figures with delivery, and beside each the same with delivery off.</summary>
public sealed class SideBySideTests
{
    private static readonly ViewsReport Both = MadeUp.Report(
        MadeUp.Site(MadeUp.Run(40, 60)) with { Origin = new OriginCounts(240, 4), Server = new ServerCost(1, 25, 150) },
        MadeUp.Site(MadeUp.Run(40)) with { Origin = new OriginCounts(320, 0), Server = new ServerCost(0.8, 20, 120) });

    [Fact]
    public void Each_figure_of_the_whole_has_both_columns_difference_and_ratio()
    {
        var visits = Both.SideBySide.Whole[0];
        Assert.Equal(("HTTP/2, first visits", 40, 40L), (visits.Name, visits.Views, visits.OffViews));
        var display = Figure(visits, "Display, half");
        Assert.Equal((60, 100, -40, 0.6), (display.Delivery, display.Off, display.Difference, display.Ratio));
        var most = Figure(visits, "Display, 9 of 10");
        Assert.Equal((120, 200), (most.Delivery, most.Off));
        Assert.Equal(6, Figure(visits, "Requests a view").Delivery);
        Assert.Equal(1000, Figure(visits, "Received a view").Delivery);

        var all = Both.SideBySide.Whole[^1];
        var origin = Figure(all, "Requests at the origin a view");
        Assert.Equal((6, 8, -2, 0.75), (origin.Delivery, origin.Off, origin.Difference, origin.Ratio));
        Assert.Equal(0.1, Figure(all, "… of them the proxy's own, to learn").Delivery);
        var processor = Figure(all, "Processor time of the server a view");
        Assert.Equal((25, 20), (processor.Delivery, processor.Off));
    }

    [Fact]
    public void Each_page_has_them_by_itself()
    {
        Assert.Equal(["/one", "/two"], Both.SideBySide.Pages.Select(static p => p.Page));
        var (one, two) = (Both.SideBySide.Pages[0].Groups.Single(), Both.SideBySide.Pages[1].Groups.Single());
        Assert.Equal((20, 20L), (one.Views, one.OffViews));
        Assert.Equal((30, 50), (Figure(one, "Display, half").Delivery, Figure(one, "Display, half").Off));
        Assert.Equal((60, 100), (Figure(two, "Display, half").Delivery, Figure(two, "Display, half").Off));
    }

    [Fact]
    public void A_percentile_one_column_has_too_few_views_for_is_a_dash_there_and_has_no_difference()
    {
        var report = MadeUp.Report(MadeUp.Site(MadeUp.Run(100)), MadeUp.Site(MadeUp.Run(99)));
        var most = Figure(report.SideBySide.Whole[0], "Display, 99 of 100");
        Assert.Equal(("300 ms", "–", "–", ""), (most.Text(most.Delivery), most.Text(most.Off), most.DifferenceText(), most.ChangeText()));
        Assert.Contains("–: too few views for it. Half needs 2, 9 of 10 needs 10, 99 of 100 needs 100.", SideBySideConsole.Lines(report));
        Assert.Contains(": too few views for it. Half needs 2", ReportPage.Of(report), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_both_have_too_few_views_for_is_not_there()
    {
        var report = MadeUp.Report(MadeUp.Site(MadeUp.Run(9)), MadeUp.Site(MadeUp.Run(9)));
        Assert.DoesNotContain(report.SideBySide.Whole[0].Figures, static f => f.Name.Contains("of 10", StringComparison.Ordinal));
        Assert.DoesNotContain("9 of 10</th>", ReportPage.Of(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FigureUnit.Milliseconds, 60.0, 100.0, "60 ms", "−40 ms", "−40 %")]
    [InlineData(FigureUnit.Milliseconds, 100.0, 60.0, "100 ms", "+40 ms", "+67 %")]
    [InlineData(FigureUnit.Bytes, 2_000.0, 1_500.0, "2.0 kB", "+500 B", "+33 %")]
    [InlineData(FigureUnit.Number, 5.001, 5.0, "5.0", "0", "0 %")]
    [InlineData(FigureUnit.Number, 3.0, 0.0, "3.0", "+3.0", "")]
    [InlineData(FigureUnit.Mebibytes, 150.0, null, "150 MiB", "–", "")]
    [InlineData(FigureUnit.Number, null, 7.0, "–", "–", "")]
    internal void A_figure_is_written_with_its_unit_and_its_change_with_a_sign(
        FigureUnit unit, double? delivery, double? off, string text, string difference, string change)
    {
        var figure = new ComparedFigure("figure", unit, delivery, off);
        Assert.Equal((text, difference, change), (figure.Text(figure.Delivery), figure.DifferenceText(), figure.ChangeText()));
    }

    [Fact]
    public void Console_page_and_json_show_both()
    {
        var lines = string.Join('\n', SideBySideConsole.Lines(Both).Select(
            static l => string.Join(' ', l.Split(' ', StringSplitOptions.RemoveEmptyEntries))));
        Assert.Contains("delivery off difference\nHTTP/2, first visits, 40 and 40 views\n", lines, StringComparison.Ordinal);
        Assert.Contains("\nDisplay, half 60 ms 100 ms −40 ms −40 %\n", lines, StringComparison.Ordinal);
        Assert.Contains("\n/one\nHTTP/2, first visits, 20 and 20 views 30 ms 50 ms −20 ms −40 %\n", lines, StringComparison.Ordinal);
        var page = ReportPage.Of(Both);
        Assert.Contains("<h2>With delivery and without</h2>", page, StringComparison.Ordinal);
        Assert.Contains(
            "<td class=\"n\">60 ms</td><td class=\"n\">100 ms</td><td class=\"n\">−40 ms<small>−40 %</small></td>", page,
            StringComparison.Ordinal);
        Assert.Contains("<summary><code>/two</code></summary>", page, StringComparison.Ordinal);
        Assert.Contains("\"ratio\": 0.6", Both.ToJson(), StringComparison.Ordinal);
        Assert.Equal(Both.ToJson(), ViewsReport.FromJson(Both.ToJson()).ToJson());
    }

    [Fact]
    public void A_site_alone_has_one_column()
    {
        var report = MadeUp.Report(MadeUp.Site(MadeUp.Run(40, 60)));
        Assert.All(
            report.SideBySide.Whole.SelectMany(static g => g.Figures),
            static f => Assert.True(f is { Off: null, Difference: null, Ratio: null }));
        Assert.DoesNotContain("difference", string.Concat(SideBySideConsole.Lines(report)), StringComparison.Ordinal);
        Assert.DoesNotContain("delivery off", ReportPage.Of(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(20, 1, 25)]
    [InlineData(20, 3, 75)]
    [InlineData(0.5, 1, 1000)]
    [InlineData(0, 3, 0)]
    public void Views_with_delivery_off_begin_halfway_between_the_others(double rate, int protocols, int milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ViewsRun.Turn(rate, protocols));

    private static ComparedFigure Figure(FigureGroup group, string name) => group.Figures.Single(f => f.Name == name);
}
