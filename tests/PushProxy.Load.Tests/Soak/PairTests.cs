using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Probes;

namespace PushProxy.Load.Tests.Soak;

/// <summary>What two answers to one request say, and what is made of it.</summary>
public sealed class PairTests
{
    private static readonly ProbeAnswer Good = new(200, "aa", "aa", null);
    private static readonly ProbeAnswer Missing = new(404, "bb", null, null);
    private static readonly ProbeAnswer BadGateway = new(502, "", null, null);
    private static readonly ProbeAnswer GatewayTimeout = new(504, "", null, null);
    private static readonly ProbeAnswer Broken = new(200, "a1", "aa", "ResponseEnded");
    private static readonly ProbeAnswer Wrong = new(200, "a1", "aa", null);

    [Theory]
    [InlineData(nameof(Good), nameof(Good), PairVerdict.Same)]
    [InlineData(nameof(Missing), nameof(Missing), PairVerdict.Same)]
    [InlineData(nameof(BadGateway), nameof(GatewayTimeout), PairVerdict.BothFailed)]
    [InlineData(nameof(Broken), nameof(BadGateway), PairVerdict.BothFailed)]
    [InlineData(nameof(Good), nameof(BadGateway), PairVerdict.OnlyOurs)]
    [InlineData(nameof(BadGateway), nameof(Good), PairVerdict.OnlyStock)]
    [InlineData(nameof(Broken), nameof(Good), PairVerdict.OnlyStock)]
    [InlineData(nameof(Missing), nameof(Good), PairVerdict.Different)]
    [InlineData(nameof(Wrong), nameof(Good), PairVerdict.WrongContent)]
    [InlineData(nameof(Wrong), nameof(Broken), PairVerdict.WrongContent)]
    internal void Answers_are_compared(string ours, string stock, PairVerdict expected) =>
        Assert.Equal(expected, PairVerdicts.Compare(Answer(ours), Answer(stock)));

    [Theory]
    [InlineData(PairVerdict.Same, false, false, false)]
    [InlineData(PairVerdict.OnlyOurs, false, false, false)]
    [InlineData(PairVerdict.BothFailed, false, false, true)]
    [InlineData(PairVerdict.BothFailed, true, false, false)]
    [InlineData(PairVerdict.OnlyStock, false, false, true)]
    [InlineData(PairVerdict.OnlyStock, true, false, true)]
    [InlineData(PairVerdict.OnlyStock, true, true, false)]
    [InlineData(PairVerdict.WrongContent, true, false, true)]
    internal void What_counts_against_ours(PairVerdict verdict, bool originUnwell, bool settled, bool counts)
    {
        var tally = new ProbeTally();
        tally.Add(verdict, originUnwell, settled, "it");
        Assert.Equal(counts ? ["it"] : [], tally.Counts.Failures);
        Assert.Equal(1, tally.Counts.Pairs);
    }

    [Fact]
    public async Task A_fault_of_the_origin_excuses_what_overlaps_it_and_a_little_after()
    {
        var faults = new FaultLog();
        await faults.RunAsync(FaultKind.OriginHang, () => Task.FromResult("done"));
        await faults.RunAsync(FaultKind.Reload, () => Task.FromResult("done"));
        var hang = faults.All[0];
        var (soon, late) = (TimeSpan.FromMilliseconds(100), FaultLog.Grace + TimeSpan.FromMilliseconds(1));
        Assert.True(faults.Excuses(TimeSpan.Zero, hang.Start));
        Assert.True(faults.Excuses(hang.End!.Value + soon, hang.End.Value + (2 * soon)));
        Assert.False(faults.Excuses(hang.End.Value + late, hang.End.Value + (2 * late)));
        Assert.False(faults.Excuses(hang.Start - soon, hang.Start - TimeSpan.FromTicks(1)));
    }

    [Fact]
    public async Task One_that_is_not_over_excuses_all_that_comes()
    {
        var faults = new FaultLog();
        var over = new TaskCompletionSource<string>();
        var running = faults.RunAsync(FaultKind.OriginRestart, () => over.Task);
        Assert.True(faults.Excuses(TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
        over.SetResult("done");
        await running;
        Assert.False(faults.Excuses(TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
    }

    private static ProbeAnswer Answer(string name) => name switch
    {
        nameof(Good) => Good,
        nameof(Missing) => Missing,
        nameof(BadGateway) => BadGateway,
        nameof(GatewayTimeout) => GatewayTimeout,
        nameof(Broken) => Broken,
        nameof(Wrong) => Wrong,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such answer."),
    };
}
