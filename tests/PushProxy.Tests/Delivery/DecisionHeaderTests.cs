using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Navigation;
using PushProxy.Pages;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class DecisionHeaderTests
{
    [Fact]
    public void Tells_the_source_and_each_decision()
    {
        var plan = DeliveryPlanner.Plan(
            new PageAnalysis([Some.Style("/a.css"), Some.Script("/b.js")], [new SkippedResource("https://cdn.test/x.css", AnalysisSkip.CrossOrigin)]),
            new DeliveryPolicy(), u => u.AbsolutePath == "/b.js" ? SkipReason.Missing : SkipReason.None, null);
        Assert.Equal(
            "learned, \"/a.css\";as=style;found=head-stylesheet;sent=link, \"/b.js\";as=script;found=head-script;skip=missing, \"https://cdn.test/x.css\";skip=cross-origin",
            DecisionHeader.Format(PageSource.Learned, plan));
    }

    [Fact]
    public void Tells_by_which_channel_and_why_not_by_push()
    {
        var plan = DeliveryPlanner.Plan(Some.Page(Some.Style("/a.css"), Some.Script("/b.js")), new DeliveryPolicy(), _ => SkipReason.None, null);
        var visit = new PageVisit(NavigationKind.Document, SkipReason.None, new PageKey("all", "site.test", "/"), "", false, default, 0);
        visit.Pushed("https://site.test/a.css");
        visit.NotPushed("https://site.test/b.js", SkipReason.OverPushCount);
        Assert.Equal(
            "learned, \"/a.css\";as=style;found=head-stylesheet;sent=push, \"/b.js\";as=script;found=head-script;sent=link;not-pushed=over-push-count",
            DecisionHeader.Format(PageSource.Learned, plan, visit));
        visit.HintsSent = true;
        Assert.Contains("\"/b.js\";as=script;found=head-script;sent=early-hints", DecisionHeader.Format(PageSource.Learned, plan, visit), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_reason_has_a_token_of_its_own()
    {
        var names = Enum.GetValues<SkipReason>().Select(r => r.Name()).ToList();
        Assert.Equal(names.Count, names.Distinct().Count());
        Assert.All(names, n => Assert.Matches("^[a-z][a-z0-9-]*$", n));
    }

    [Fact]
    public void A_page_that_needs_nothing_says_so() =>
        Assert.Equal("head;skip=nothing-critical", DecisionHeader.Format(PageSource.Head, new DeliveryPlan(null, [])));

    [Fact]
    public void What_a_page_wrote_can_not_break_the_header()
    {
        var plan = new DeliveryPlan(null, [new PlannedResource("a\"b\\c\r\nx: y\u00e9", null, SkipReason.InvalidUrl)]);
        Assert.Equal("head, \"a\\\"b\\\\c??x: y?\";skip=invalid-url", DecisionHeader.Format(PageSource.Head, plan));
    }

    [Fact]
    public void Stays_within_four_kilobytes_and_counts_the_rest()
    {
        var many = Enumerable.Range(0, 500).Select(i => new PlannedResource($"/{i}-{new string('x', 100)}", null, SkipReason.InBody));
        var header = DecisionHeader.Format(PageSource.Head, new DeliveryPlan(null, [.. many]));
        Assert.InRange(header.Length, 3900, 4096);
        Assert.Matches(", more;n=[0-9]+$", header);
    }
}
