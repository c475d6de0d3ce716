using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Delivery;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class DecisionHeaderTests
{
    [Fact]
    public void Tells_the_source_and_each_decision()
    {
        var plan = DeliveryPlanner.Plan(
            new PageAnalysis([Some.Style("/a.css"), Some.Script("/b.js")], [new SkippedResource("https://cdn.test/x.css", AnalysisSkip.CrossOrigin)]),
            new DeliveryPolicy(), u => u.Url.AbsolutePath == "/b.js" ? ResourceSkip.Missing : ResourceSkip.None, null);
        Assert.Equal(
            "learned, \"/a.css\";as=style;found=head-stylesheet;sent=link, \"/b.js\";as=script;found=head-script;skip=missing, \"https://cdn.test/x.css\";skip=cross-origin",
            DecisionHeader.Format(PageSource.Learned, plan));
    }

    [Fact]
    public void Tells_by_which_channel_and_why_not_by_push()
    {
        var plan = DeliveryPlanner.Plan(Some.Page(Some.Style("/a.css"), Some.Script("/b.js")), new DeliveryPolicy(), _ => ResourceSkip.None, null);
        var record = new DeliveryRecord(
            new PageVisit(NavigationKind.Document, PageSkip.None, new PageKey("all", "site.test", "/"), "", false, default, 0));
        record.Pushed("https://site.test/a.css");
        record.NotPushed("https://site.test/b.js", PushSkip.OverPushCount);
        Assert.Equal(
            "learned, \"/a.css\";as=style;found=head-stylesheet;sent=push, \"/b.js\";as=script;found=head-script;sent=link;not-pushed=over-push-count",
            DecisionHeader.Format(PageSource.Learned, plan, record));
        record.HintsSent = true;
        Assert.Contains("\"/b.js\";as=script;found=head-script;sent=early-hints", DecisionHeader.Format(PageSource.Learned, plan, record), StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_page_names_a_second_time_was_not_sent_a_second_time()
    {
        var analysis = new PageAnalysis([Some.Style("/a.css")], [new SkippedResource("https://site.test/a.css", AnalysisSkip.Duplicate)]);
        var record = new DeliveryRecord(
            new PageVisit(NavigationKind.Document, PageSkip.None, new PageKey("all", "site.test", "/"), "", false, default, 0));
        record.Pushed("https://site.test/a.css");
        Assert.Equal(
            "head, \"/a.css\";as=style;found=head-stylesheet;sent=push, \"https://site.test/a.css\";skip=duplicate",
            DecisionHeader.Format(PageSource.Head, DeliveryPlanner.Plan(analysis, new DeliveryPolicy(), _ => ResourceSkip.None, null), record));
    }

    [Fact]
    public void Every_reason_has_a_token_of_its_own()
    {
        // What the analysis leaves out and what the plan leaves out stand in the same place.
        List<string> names =
        [
            .. Enum.GetValues<ResourceSkip>().Select(r => r.Name()), .. Enum.GetValues<AnalysisSkip>().Select(r => r.Name()),
            .. Enum.GetValues<CacheEvidence>().Where(e => e != CacheEvidence.None).Select(e => e.Name()),
        ];
        Assert.Distinct(names);
        Assert.All(names, n => Assert.Matches("^[a-z][a-z0-9-]*$", n));
    }

    [Fact]
    public void A_page_that_needs_nothing_says_so() =>
        Assert.Equal("head;skip=nothing-critical", DecisionHeader.Format(PageSource.Head, new DeliveryPlan(null, [])));

    [Fact]
    public void What_a_page_wrote_can_not_break_the_header()
    {
        var plan = new DeliveryPlan(null, [PlannedResource.Of(new SkippedResource("a\"b\\c\r\nx: y\u00e9", AnalysisSkip.InvalidUrl))]);
        Assert.Equal("head, \"a\\\"b\\\\c??x: y?\";skip=invalid-url", DecisionHeader.Format(PageSource.Head, plan));
    }

    [Fact]
    public void Stays_within_four_kilobytes_and_counts_the_rest()
    {
        var many = Enumerable.Range(0, 500).Select(i => PlannedResource.Of(new SkippedResource($"/{i}-{new string('x', 100)}", AnalysisSkip.InBody)));
        var header = DecisionHeader.Format(PageSource.Head, new DeliveryPlan(null, [.. many]));
        Assert.InRange(header.Length, 3900, 4096);
        Assert.Matches(", more;n=[0-9]+$", header);
    }
}
