using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Probes;
using PushProxy.Load.Soak.Verdict;
using PushProxy.Load.Soak.Watching;

namespace PushProxy.Load.Tests.Soak;

/// <summary>What a verdict makes of observations that are made up: that it can fail, and of what.</summary>
public sealed class SoakVerdictTests
{
    private static readonly Descriptors Before = new(0, 0, 4, 22, 200);

    [Fact]
    public void All_is_well() => Assert.All(SoakVerdict.Of(Well()), static c => Assert.True(c.Holds, c.Name));

    [Fact]
    public void A_failed_pair_is_one_too_many() =>
        AssertFails(
            Well() with { Probes = new ProbeCounts(Counts(PairVerdict.Same, 999), Counts(PairVerdict.Same, 9), 0, 0, ["GET / failed"]) },
            "nothing failed that stock YARP served");

    [Fact]
    public void No_pair_at_all_proves_nothing() =>
        AssertFails(
            Well() with { Probes = new ProbeCounts(Counts(PairVerdict.Same, 0), Counts(PairVerdict.Same, 9), 0, 0, []) },
            "nothing failed that stock YARP served");

    [Theory]
    [InlineData(3, 3, true)]
    [InlineData(10, 4, true)]
    [InlineData(30, 0, false)]
    [InlineData(60, 20, false)]
    public void Misfortune_that_prefers_ours_is_none(int worse, int better, bool holds)
    {
        var unwell = new Dictionary<PairVerdict, int> { [PairVerdict.OnlyStock] = worse, [PairVerdict.OnlyOurs] = better };
        var seen = Well() with { Probes = new ProbeCounts(Counts(PairVerdict.Same, 100), unwell, worse, 0, []) };
        Assert.Equal(holds, SoakVerdict.Of(seen).Single(static c => c.Name.Contains("misfortune", StringComparison.Ordinal)).Holds);
    }

    [Fact]
    public void One_error_of_a_visitor_while_the_origin_is_well_fails() =>
        AssertFails(
            Well() with { Visits = new VisitsSeen(100, 1000, 100, 1, 50, []) }, "page views met no error while the origin was well");

    [Theory]
    [InlineData(1, 50)]
    [InlineData(0, 0)]
    public void One_error_while_redis_is_gone_fails_and_so_does_no_view_at_all(int errors, int views) => AssertFails(
        Well() with { SharedVisits = [Well().SharedVisits[0], new VisitsSeen(views, 500, 50, errors, 0, [])] },
        "whatever becomes of Redis, no page view through the two that share it met an error");

    [Fact]
    public void An_instance_with_a_redis_that_has_ended_fails() => AssertFails(
        Well() with { SharedErrors = ["instance 2 has ended"] },
        "whatever becomes of Redis, no page view through the two that share it met an error");

    [Fact]
    public void Growing_living_memory_fails() =>
        AssertFails(Well() with { Memory = Memory(20, 30, 100, 100) }, "living memory is flat after the first tenth");

    [Fact]
    public void Memory_nobody_measured_fails() =>
        AssertFails(Well() with { Memory = Memory(20, 20, 100, 100) with { Living = [] } }, "living memory is flat after the first tenth");

    [Fact]
    public void Growing_resident_memory_fails_where_the_run_is_long_enough_to_tell()
    {
        var seen = Well() with { Memory = Memory(20, 20, 100, 130) };
        AssertFails(seen, "resident memory is flat after the first tenth, or settles as stock YARP's");

        var shorter = SoakVerdict.Of(seen with { Length = TimeSpan.FromMinutes(10) });
        Assert.True(
            Assert.Single(shorter, static c => c.Name.StartsWith("resident memory (told, not judged", StringComparison.Ordinal)).Holds);
    }

    [Fact]
    public void Resident_memory_may_settle_as_stock_YARPs_does_and_no_higher()
    {
        var seen = Well() with { StockMemory = Memory(5, 5, 100, 120) };
        Assert.All(SoakVerdict.Of(seen with { Memory = Memory(20, 20, 100, 125) }), static c => Assert.True(c.Holds, c.Name));
        AssertFails(
            seen with { Memory = Memory(20, 20, 100, 127) }, "resident memory is flat after the first tenth, or settles as stock YARP's");
    }

    [Fact]
    public void Warming_up_is_not_looked_at()
    {
        var memory = Memory(20, 20, 100, 100);
        var warming = memory with { Resident = [new(1, 1 << 20), .. memory.Resident], Living = [new(1, 1 << 20), .. memory.Living] };
        Assert.All(SoakVerdict.Of(Well() with { Memory = warming }), static c => Assert.True(c.Holds, c.Name));
    }

    [Theory]
    [InlineData(1, 0, 0, 0, 0, 0)]
    [InlineData(0, 1, 0, 0, 0, 0)]
    [InlineData(0, 0, 1, 0, 0, 0)]
    [InlineData(0, 0, 0, 1, 0, 0)]
    [InlineData(0, 0, 0, 0, 1, 0)]
    [InlineData(0, 0, 0, 0, 0, 1)]
    public void One_thing_that_stays_open_fails(
        int connections, int requests, int forwarded, int clientSockets, int originSockets, int otherSockets)
    {
        var after = Before with { Clients = clientSockets, Origin = originSockets, OtherSockets = Before.OtherSockets + otherSockets };
        AssertFails(
            Well() with { Accounting = new Accounting(connections, requests, forwarded, Before, after, TimeSpan.FromSeconds(60)) },
            "every connection and stream is accounted for");
    }

    [Fact]
    public void Files_that_stay_open_fail() => AssertFails(
        Well() with
        {
            Accounting = new Accounting(
                0, 0, 0, Before, Before with { NoSockets = Before.NoSockets + Accounting.Spare + 1 }, TimeSpan.FromSeconds(60)),
        },
        "every connection and stream is accounted for");

    [Fact]
    public void A_proxy_that_has_ended_fails() =>
        AssertFails(Well() with { Lives = false }, "the proxy lives, and has met nothing unexpected");

    [Fact]
    public void An_error_in_the_log_fails() =>
        AssertFails(Well() with { LogErrors = ["fail: …"] }, "the proxy lives, and has met nothing unexpected");

    [Fact]
    public void Nothing_pushed_at_the_end_fails() => AssertFails(Well() with { PushedAtEnd = [] }, "it still learns and pushes");

    [Fact]
    public void A_fault_that_never_happened_fails() =>
        AssertFails(
            Well() with { Faults = [.. Well().Faults.Where(static f => f.Kind != FaultKind.Certificate)] },
            "each fault happened, and what should come of it did");

    [Fact]
    public void A_fault_after_which_the_proxy_did_not_do_what_it_should_fails()
    {
        var failed =
            new Fault(FaultKind.Reload, TimeSpan.FromSeconds(50)) { End = TimeSpan.FromSeconds(60), Failure = "never came into force" };
        AssertFails(Well() with { Faults = [.. Well().Faults, failed] }, "each fault happened, and what should come of it did");
    }

    [Theory]
    [InlineData("12:00:00.000 fail: Microsoft.AspNetCore.Server.Kestrel[13] Connection id, Request id: An unhandled exception was "
        + "thrown by the application.", true)]
    [InlineData("12:00:00.000 crit: Something[1] gone", true)]
    [InlineData("Unhandled exception. System.InvalidOperationException", true)]
    [InlineData("12:00:00.000 warn: Yarp.ReverseProxy.Forwarder.HttpForwarder[48] Request: An error was encountered before receiving a "
        + "response.", false)]
    [InlineData("12:00:00.000 fail: PushProxy.Server.Hosting.ReloadService[2] a.json changed but is not used, the running configuration "
        + "stays.", false)]
    [InlineData("12:00:00.000 fail: PushProxy.Server.Certificates.CertificateStore[2] Certificate files changed but are not used, the "
        + "old certificate stays", false)]
    public void Of_the_log_only_what_nobody_provoked_counts(string line, bool unexpected) =>
        Assert.Equal(unexpected, ProcessLog.IsUnexpected(line));

    private static void AssertFails(SoakObservations seen, string name) =>
        Assert.Equal([name], SoakVerdict.Of(seen).Where(static c => !c.Holds).Select(static c => c.Name));

    private static Dictionary<PairVerdict, int> Counts(PairVerdict verdict, int count) => new() { [verdict] = count };

    // In MiB: at the beginning and at the end, of what lives and of what is resident.
    private static MemorySeries Memory(int living, int livingLate, int resident, int residentLate)
    {
        static IReadOnlyList<MemorySample> Samples(long early, long late) =>
            [.. Enumerable.Range(6, 55).Select(i => new MemorySample(10 * i, (i < 30 ? early : late) << 20))];
        return new MemorySeries(600, Samples(resident, residentLate), Samples(living, livingLate));
    }

    private static SoakObservations Well() => new()
    {
        Length = TimeSpan.FromMinutes(30),
        Faults =
        [
            .. Enum.GetValues<FaultKind>()
                .Select(static k => new Fault(k, TimeSpan.FromSeconds(60)) { End = TimeSpan.FromSeconds(62) }),
        ],
        Probes = new ProbeCounts(Counts(PairVerdict.Same, 1000), Counts(PairVerdict.BothFailed, 100), 0, 10, []),
        Visits = new VisitsSeen(100, 1000, 100, 0, 50, []),
        StockVisits = new VisitsSeen(100, 1000, 0, 0, 50, []),
        SharedVisits = [new VisitsSeen(50, 500, 50, 0, 0, []), new VisitsSeen(50, 500, 50, 0, 0, [])],
        SharedErrors = [],
        Memory = Memory(20, 21, 100, 105),
        StockMemory = Memory(5, 5, 80, 80),
        Accounting = new Accounting(0, 0, 0, Before, Before, TimeSpan.FromSeconds(1)),
        Lives = true,
        LogErrors = [],
        LogLines = new Dictionary<string, int>(),
        Unobserved = [],
        Metrics = new Dictionary<string, double>(),
        PushedAtEnd = ["/assets/0.css"],
    };
}
