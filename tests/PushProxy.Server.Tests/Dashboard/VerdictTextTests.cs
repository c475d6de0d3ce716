using PushProxy.Load.Dashboard;
using PushProxy.Server.Dashboard.Sections;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>The statement at the top of the dashboard: what it says, in each state there is.</summary>
public class VerdictTextTests
{
    private static readonly ProofArm Nobody = new(0, 0, null, null, []);

    [Fact]
    public void A_gain_is_said_with_its_interval_and_what_it_rests_on()
    {
        var said = Say(Compared(ProofVerdict.Gain, new(-182, -214, -150, -0.2143, -0.25, -0.18), null));
        Assert.Equal("gain", said.Mark);
        Assert.Equal("Pages are displayed 182 ms (21 %) sooner with PushProxy.", said.Headline);
        Assert.Equal("95 % interval of the median: 150 to 214 ms sooner, over 12,340 views of 3,201 visitors.", said.Detail);
    }

    [Fact]
    public void A_harm_is_said_in_the_same_words_and_what_helps_against_it()
    {
        var said = Say(Compared(ProofVerdict.Harm, new(182, 150, 214, 0.2143, 0.18, 0.25), null));
        Assert.Equal("harm", said.Mark);
        Assert.Equal("Pages are displayed 182 ms (21 %) later with PushProxy.", said.Headline);
        Assert.StartsWith("95 % interval of the median: 150 to 214 ms later, over 12,340 views of 3,201 visitors.", said.Detail, StringComparison.Ordinal);
        Assert.Contains("switches it off", said.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_that_rests_on_the_slower_quarter_says_so()
    {
        var said = Say(Compared(ProofVerdict.Harm, new(-3, -9, 4, -0.004, -0.01, 0.005), new(340, 210, 1480, 0.3, 0.2, 0.9)));
        Assert.Equal("Pages are displayed 340 ms (30 %) later with PushProxy.", said.Headline);
        Assert.StartsWith("95 % interval of the 75th percentile: 210 to 1,480 ms later", said.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verdict_without_an_effect_is_said_without_figures() =>
        Assert.Equal("Pages are displayed later with PushProxy.", Say(Compared(ProofVerdict.Harm, null, null)).Headline);

    [Fact]
    public void No_difference_is_said_with_its_interval()
    {
        var said = Say(Compared(ProofVerdict.NoDifference, new(-3, -12, 6, -0.004, -0.01, 0.01), null));
        Assert.Equal("same", said.Mark);
        Assert.Equal("PushProxy makes no difference here that can be measured.", said.Headline);
        Assert.Equal("95 % interval of the median: between 12 ms sooner and 6 ms later, over 12,340 views of 3,201 visitors.", said.Detail);
    }

    [Theory]
    [InlineData(15_000, "Not yet decided: 12,340 of about 15,000 views.")]
    [InlineData(0, "Not yet decided: 12,340 views so far.")]
    public void What_is_not_decided_is_not_said_whatever_the_figures_look_like(long planned, string headline)
    {
        var said = Say(Compared(ProofVerdict.NotYetDecided, new(-400, -500, -300, -0.5, -0.6, -0.4), null, planned));
        Assert.Equal(("open", headline), (said.Mark, said.Headline));
        Assert.DoesNotContain("400", said.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_views_and_without_a_hold_out_it_says_what_is_missing()
    {
        var nothing = new ProofComparison("display", Nobody, Nobody, null, null, 0, default);
        Assert.Equal("Not yet decided: no page view has been measured.", VerdictText.Of([], 5).Headline);
        Assert.Equal("Not yet decided: no page view has been measured.", Say(nothing).Headline);
        Assert.Equal("Nothing is compared: HoldOut is 0.", VerdictText.Of([], 0).Headline);
        Assert.Equal("Nothing is compared: HoldOut is 0.", Say(nothing, holdOut: 0).Headline);

        // Groups that are not of all views don't count.
        Assert.Equal("Not yet decided: no page view has been measured.", VerdictText.Of(
            [.. SampleProof.Of(ProofVerdict.Gain).Skip(1)], 5).Headline);
    }

    [Fact]
    public void What_was_decided_before_the_hold_out_ended_stays_said() => Assert.Equal(
        "Pages are displayed 182 ms (21 %) sooner with PushProxy.",
        Say(Compared(ProofVerdict.Gain, new(-182, -214, -150, -0.2143, -0.25, -0.18), null), holdOut: 0).Headline);

    private static VerdictText Say(ProofComparison comparison, int holdOut = 5) =>
        VerdictText.Of([new ProofGroup("all", "all", [comparison])], holdOut);

    private static ProofComparison Compared(ProofVerdict verdict, ProofEffect? median, ProofEffect? quartile, long planned = 9000) => new(
        "display", new(11_700, 3041, 640, 900, []), new(640, 160, 822, 1200, []), median, quartile, planned, verdict);
}
