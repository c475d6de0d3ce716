using PushProxy.Analysis;
using PushProxy.Delivery;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class PlanLinksTests
{
    private static readonly PageAnalysis Page =
        Some.Page(Some.Style("/a.css"), Some.Style("/wide.css", "(min-width: 70em)"), Some.Script("/b.js")) with { Preconnects = [new PreconnectOrigin("https://cdn.test", CrossOriginMode.None)] };

    [Fact]
    public void All_of_a_plan_is_what_the_plan_says()
    {
        var plan = Plan();
        Assert.Equal(plan.Link, new PlanLinks(plan).Final(_ => true));
        Assert.Equal(plan.EarlyFields, new PlanLinks(plan).Early(_ => true));
    }

    [Fact]
    public void A_part_of_it_is_in_the_same_order()
    {
        Assert.Equal("</a.css>; rel=preload; as=style, </b.js>; rel=preload; as=script, <https://cdn.test>; rel=preconnect", new PlanLinks(Plan()).Final(i => i != 1));
        Assert.Equal("</b.js>; rel=preload; as=script, <https://cdn.test>; rel=preconnect", Assert.Single(new PlanLinks(Plan()).Early(i => i > 0)).Value);
    }

    [Fact]
    public void With_nothing_to_say_there_is_no_field()
    {
        var plan = DeliveryPlanner.Plan(Page with { Preconnects = [] }, new DeliveryPolicy(), _ => SkipReason.None, null);
        Assert.Null(new PlanLinks(plan).Final(_ => false));
        Assert.Empty(new PlanLinks(plan).Early(_ => false));
        Assert.Empty(new PlanLinks(plan).Early(i => i == 1));
    }

    [Fact]
    public void What_is_left_out_leaves_its_room_to_others()
    {
        const string Long = "/0123456789012345678901234567890123456789.css";
        var plan = DeliveryPlanner.Plan(
            Some.Page(Some.Style(Long), Some.Style(Long + "2")), new DeliveryPolicy { MaxLinkBytes = 90 }, _ => SkipReason.None, null);
        Assert.Equal([SkipReason.None, SkipReason.OverLinkLimit], plan.Resources.Select(r => r.Skip));
        Assert.Equal($"<{Long}2>; rel=preload; as=style", new PlanLinks(plan).Final(i => i == 1));
    }

    [Fact]
    public void What_must_not_be_delivered_is_never_named()
    {
        var plan = DeliveryPlanner.Plan(Page, new DeliveryPolicy(), u => u.AbsolutePath == "/a.css" ? SkipReason.Missing : SkipReason.None, null);
        Assert.DoesNotContain("/a.css", new PlanLinks(plan).Final(_ => true)!, StringComparison.Ordinal);
    }

    private static DeliveryPlan Plan() => DeliveryPlanner.Plan(Page, new DeliveryPolicy(), _ => SkipReason.None, null);
}
