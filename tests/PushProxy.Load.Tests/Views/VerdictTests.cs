using PushProxy.Load.Tests.Support;
using PushProxy.Load.Views;

namespace PushProxy.Load.Tests.Views;

/// <summary>What is said of a run, and with which exit code.</summary>
public sealed class VerdictTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(Verdict.LeastViews - 1)]
    public void Nothing_failed_of_few_views_is_no_pass(int views)
    {
        var (outcome, sentence) = Verdict.Of(MadeUp.Site(MadeUp.Run(views)));
        Assert.Equal((Outcome.TooFewViews, 2), (outcome, Verdict.ExitCode(outcome)));
        Assert.Equal("Not enough views to judge", Verdict.Title(outcome));
        Assert.StartsWith($"{views} page view", sentence, StringComparison.Ordinal);
        Assert.Contains("by HTTP/2 finished, and 30 of each protocol are needed. Nothing failed.", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_run_of_which_no_view_finished() =>
        Assert.Equal(Outcome.TooFewViews, Verdict.Of(MadeUp.Site(MadeUp.Run(0))).Outcome);

    [Fact]
    public void Enough_views_without_a_failure_pass()
    {
        var (outcome, sentence) = Verdict.Of(MadeUp.Site(MadeUp.Run(Verdict.LeastViews)));
        Assert.Equal((Outcome.Passed, 0), (outcome, Verdict.ExitCode(outcome)));
        Assert.Equal(
            "All 30 page views were complete and without an error. Half of them could be displayed within 100 ms, 9 of 10 within 200 ms.",
            sentence);
    }

    [Fact]
    public void Of_a_hundred_views_of_each_protocol_99_of_100_are_told()
    {
        var http1 = MadeUp.Run(100, protocol: VisitProtocol.Http1);
        Assert.EndsWith(
            "within 150 ms, 99 of 100 within 450 ms, whatever the protocol.", Verdict.Of(MadeUp.Site(http1, MadeUp.Run(100, 150))).Sentence,
            StringComparison.Ordinal);
        Assert.EndsWith(
            "within 150 ms, 9 of 10 within 300 ms, whatever the protocol.", Verdict.Of(MadeUp.Site(http1, MadeUp.Run(99, 150))).Sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Each_protocol_and_each_site_needs_its_views()
    {
        var enough = MadeUp.Site(MadeUp.Run(500), MadeUp.Run(30, protocol: VisitProtocol.Http1));
        Assert.Equal(Outcome.Passed, Verdict.Of(enough).Outcome);
        Assert.Equal(
            Outcome.TooFewViews, Verdict.Of(MadeUp.Site(MadeUp.Run(500), MadeUp.Run(29, protocol: VisitProtocol.Http1))).Outcome);
        var (outcome, sentence) = Verdict.Of(enough, MadeUp.Site(MadeUp.Run(500), MadeUp.Run(29, protocol: VisitProtocol.Http1)));
        Assert.Equal(Outcome.TooFewViews, outcome);
        Assert.StartsWith(
            "29 page views by HTTP/1.1 with delivery off finished, and 30 of each protocol are needed on both sites.", sentence,
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_failure_is_a_failure_however_few_the_views_and_wherever_it_was()
    {
        var (outcome, sentence) = Verdict.Of(MadeUp.Site(MadeUp.Run(0, failed: 1)));
        Assert.Equal((Outcome.Failed, 1), (outcome, Verdict.ExitCode(outcome)));
        Assert.StartsWith("1 of 1 page views failed: 1 × error status", sentence, StringComparison.Ordinal);
        (outcome, sentence) = Verdict.Of(MadeUp.Site(MadeUp.Run(50)), MadeUp.Site(MadeUp.Run(48, failed: 2)));
        Assert.Equal(Outcome.Failed, outcome);
        Assert.StartsWith(
            "2 of 100 page views failed (0 with delivery, 2 with delivery off): 2 × error status", sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Late_views_and_a_server_that_ended_are_failures()
    {
        Assert.Equal(Outcome.Failed, Verdict.Of(MadeUp.Site(MadeUp.Run(50, late: 1))).Outcome);
        Assert.Equal(Outcome.Failed, Verdict.Of(MadeUp.Site(MadeUp.Run(50)) with { ServerEnded = true }).Outcome);
        Assert.Equal(
            Outcome.Failed, Verdict.Of(MadeUp.Site(MadeUp.Run(50)), MadeUp.Site(MadeUp.Run(50)) with { ServerEnded = true }).Outcome);
    }
}
