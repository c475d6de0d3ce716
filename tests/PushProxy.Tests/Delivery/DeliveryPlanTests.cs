using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class DeliveryPlanTests
{
    private static readonly PageAnalysis Page =
        Some.Page(Some.Style("/a.css"), Some.Style("/wide.css", "(min-width: 70em)"), Some.Script("/b.js")) with { Preconnects = [new PreconnectOrigin("https://cdn.test", CrossOriginMode.None)] };

    [Fact]
    public void All_of_a_plan_is_what_the_plan_says()
    {
        var plan = Plan();
        Assert.Equal(plan.Link, plan.FinalLink(_ => true));
        Assert.Equal(plan.EarlyFields, plan.HintFields(_ => true));
    }

    [Fact]
    public void A_part_of_it_is_in_the_same_order()
    {
        Assert.Equal("</a.css>; rel=preload; as=style, </b.js>; rel=preload; as=script, <https://cdn.test>; rel=preconnect", Plan().FinalLink(i => i != 1));
        Assert.Equal("</b.js>; rel=preload; as=script, <https://cdn.test>; rel=preconnect", Assert.Single(Plan().HintFields(i => i > 0)).Value);
    }

    [Fact]
    public void With_nothing_to_say_there_is_no_field()
    {
        var plan = DeliveryPlanner.Plan(Page with { Preconnects = [] }, new DeliveryPolicy(), _ => ResourceSkip.None, null);
        Assert.Null(plan.FinalLink(_ => false));
        Assert.Empty(plan.HintFields(_ => false));
        Assert.Empty(plan.HintFields(i => i == 1));
    }

    [Fact]
    public void What_is_left_out_leaves_its_room_to_others()
    {
        const string Long = "/0123456789012345678901234567890123456789.css";
        var plan = DeliveryPlanner.Plan(
            Some.Page(Some.Style(Long), Some.Style(Long + "2")), new DeliveryPolicy { MaxLinkBytes = 90 }, _ => ResourceSkip.None, null);
        Assert.Equal([ResourceSkip.None, ResourceSkip.OverLinkLimit], plan.Resources.Select(r => r.Skip));
        Assert.Equal($"<{Long}2>; rel=preload; as=style", plan.FinalLink(i => i == 1));
    }

    [Fact]
    public void What_must_not_be_delivered_is_never_named()
    {
        var plan = DeliveryPlanner.Plan(Page, new DeliveryPolicy(), u => u.Url.AbsolutePath == "/a.css" ? ResourceSkip.Missing : ResourceSkip.None, null);
        Assert.DoesNotContain("/a.css", plan.FinalLink(_ => true)!, StringComparison.Ordinal);
    }

    private static DeliveryPlan Plan() => DeliveryPlanner.Plan(Page, new DeliveryPolicy(), _ => ResourceSkip.None, null);
}
