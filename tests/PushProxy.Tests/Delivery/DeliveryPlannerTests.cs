using FsCheck;
using FsCheck.Xunit;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class DeliveryPlannerTests
{
    private static readonly DeliveryPolicy Policy = new();

    [Fact]
    public void Sends_in_the_order_of_the_analysis()
    {
        var plan = Plan(Some.Page(Some.Style("/a.css"), Some.Style("/b.css"), Some.Script("/c.js")));
        Assert.Equal("</a.css>; rel=preload; as=style, </b.css>; rel=preload; as=style, </c.js>; rel=preload; as=script", plan.Link);
        Assert.Equal(3, plan.SentCount);
    }

    [Fact]
    public void A_font_that_text_does_not_wait_for_is_pushed_but_not_hinted()
    {
        var font = Some.Style("/f.woff2") with { Kind = ResourceKind.Font, Blocking = false, ShowsFallback = true };
        var plan = Plan(Some.Page(Some.Style("/a.css"), font));
        Assert.Equal("</a.css>; rel=preload; as=style", plan.Link);
        Assert.DoesNotContain("f.woff2", plan.EarlyFields.Single().Value, StringComparison.Ordinal);
        Assert.Equal(ResourceSkip.TextDoesNotWait, plan.Resources[1].Skip);
        Assert.True(plan.Resources[1].IsWanted);
        Assert.DoesNotContain("f.woff2", plan.FinalLink(_ => true), StringComparison.Ordinal);
        Assert.Contains("f.woff2", Plan(Some.Page(font with { ShowsFallback = false })).Link, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_nothing_for_a_page_that_needs_nothing() => Assert.Null(Plan(PageAnalysis.Empty).Link);

    [Fact]
    public void Leaves_out_what_does_not_fit_but_not_what_is_shorter()
    {
        var plan = Plan(Some.Page(Some.Style("/a.css"), Some.Style("/" + new string('x', 1024)), Some.Script("/c.js")));
        Assert.Equal([ResourceSkip.None, ResourceSkip.OverLinkLimit, ResourceSkip.None], plan.Resources.Select(r => r.Skip));
    }

    [Fact]
    public void Repeats_nothing_the_origin_links_itself()
    {
        var plan = Plan(Some.Page(Some.Style("/a.css"), Some.Style("/b.css")), origin: "https://site.test/a.css");
        Assert.Equal([ResourceSkip.OriginLink, ResourceSkip.None], plan.Resources.Select(r => r.Skip));
        Assert.Equal("</b.css>; rel=preload; as=style", plan.Link);
    }

    [Fact]
    public void Names_nothing_that_is_missing()
    {
        var plan = DeliveryPlanner.Plan(Some.Page(Some.Style("/a.css"), Some.Style("/b.css")), Policy, u => u.Url.AbsolutePath == "/a.css" ? ResourceSkip.Missing : ResourceSkip.None, null);
        Assert.Equal([ResourceSkip.Missing, ResourceSkip.None], plan.Resources.Select(r => r.Skip));
    }

    [Fact]
    public void Gives_the_reasons_of_the_analysis_on()
    {
        var plan = Plan(new PageAnalysis([], [.. Enum.GetValues<AnalysisSkip>().Select(r => new SkippedResource("/x", r))]));
        Assert.Equal(Enum.GetValues<AnalysisSkip>().Select(r => r.Name()), plan.Resources.Select(r => r.Reason));
        Assert.Null(plan.Link);
    }

    [Fact]
    public void Sends_nothing_when_off() =>
        Assert.Equal(ResourceSkip.Off, Assert.Single(DeliveryPlanner.Plan(
            Some.Page(Some.Style("/a.css")), Policy with { Delivery = DeliveryMode.Off }, _ => ResourceSkip.None, null).Resources).Skip);

    [Property]
    public void Stays_within_the_limit_and_is_one_header(PositiveInt[] lengths, NonNegativeInt limit)
    {
        var resources = lengths.Select((l, i) => Some.Style($"/{i}-{new string('x', l.Get % 500)}")).ToArray();
        var plan = DeliveryPlanner.Plan(Some.Page(resources), Policy with { MaxLinkBytes = limit.Get % 3072 }, _ => ResourceSkip.None, null);
        var link = plan.Link ?? "";
        Assert.True(link.Length <= limit.Get % 3072);
        Assert.All(link, c => Assert.InRange(c, ' ', '~'));

        // Read back by the parser for the origin's own links: what was planned is what is said.
        var said = OriginLinks.Preloaded(link, new Uri("https://site.test/")) ?? new HashSet<string>();
        Assert.Equal(plan.Resources.Where(r => r.Skip == ResourceSkip.None).Select(r => r.Url).Order(), said.Order());
    }

    private static DeliveryPlan Plan(PageAnalysis analysis, params string[] origin) =>
        DeliveryPlanner.Plan(analysis, Policy, _ => ResourceSkip.None, origin.Length > 0 ? origin.ToHashSet() : null);
}
