namespace PushProxy.Analysis.Tests.Hostile;

/// <summary>
/// Pages and stylesheets that were made to cost as much as possible, by hand and by <see cref="HostilePage"/>: none costs more than it may, and
/// what the page itself names is found all the same.
/// </summary>
public class HostilePageTests
{
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(2);
    private const long MaxMemory = 128 << 20;

    // Garbage, which the collector may leave for a while, is not in use; but nobody should make much of it.
    private const long MaxAllocated = 4 * MaxMemory;

    public static TheoryData<string> Pages => [.. HostilePage.Names];

    [Theory]
    [MemberData(nameof(Pages), DisableDiscoveryEnumeration = true)]
    public void Costs_no_more_than_it_may(string name)
    {
        var page = HostilePage.Read(name);
        var cost = Cost.Of(page with { Genes = [new(Place.Html, 1, "<link rel=stylesheet href=/first.css>"), .. page.Genes] });
        Assert.True(cost.Time < MaxTime, $"It took {cost.Time} of processor time.");
        Assert.True(cost.Charged <= AnalysisOptions.Default.MaxMemory, $"It was charged {cost.Charged:N0} bytes.");
        Assert.True(cost.Allocated < MaxAllocated, $"It allocated {cost.Allocated:N0} bytes.");
        Assert.InRange(cost.Analysis.Resources.Count, 0, AnalysisOptions.Default.MaxResources);
        Assert.InRange(cost.Analysis.Skipped.Count, 0, AnalysisOptions.Default.MaxResources);
    }

    [Theory]
    [InlineData("*{position:absolute}", "*{position:static}", 64)]
    [InlineData("*{background:url(a.png)}", "*{text-align:left}", 200)]
    public void What_layout_keeps_of_each_element_is_charged(string kept, string nothing, int bytes)
    {
        const int Elements = 10_000;
        long[] charged = [.. new[] { kept, nothing }.Select(
            style => Cost.Of(HostilePage.Parse("layout", [$"style 1 {style}", $"html {Elements} <p>x"])).Charged)];
        Assert.InRange(charged[0] - charged[1], Elements * bytes * 9 / 10, Elements * bytes * 4);
    }

    [Fact]
    public void Every_cost_has_a_page() =>
        Assert.Empty(Enum.GetNames<AnalysisCost>().Except(HostilePage.Names.Select(name => name.Split('-')[0]), StringComparer.OrdinalIgnoreCase));
}
