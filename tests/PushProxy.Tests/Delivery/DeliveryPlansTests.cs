using System.Collections.Frozen;
using PushProxy.Delivery;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class DeliveryPlansTests
{
    private readonly DeliveryPlans _plans;
    private readonly DeliveryPolicy _policy = new();

    public DeliveryPlansTests()
    {
        var registry = new ResourceRegistry();
        _plans = new DeliveryPlans(registry, new LearningOptions());
        foreach (var (resource, type) in new[]
        {
            (Some.Style("/a.css"), "text/css"), (Some.Style("/late.css"), "text/css"), (Some.Script("/b.js"), "text/javascript"),
        })
        {
            registry.Acquire(resource.Url);
            registry.Answered(registry.Find(resource.Url)!, new AnswerFacts { Type = type, CanBeKept = true, StaysFresh = true, Size = 100 });
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_joined_by_traffic_is_no_part_of_a_members_plan(bool memberFirst)
    {
        var analysis = Some.Page(Some.Style("/a.css"));
        var page = new LearnedPage(analysis) { Traffic = new PageTraffic(analysis, new LearningOptions()) };
        page.Traffic.Publish(new TrafficVerdict([Some.Style("/late.css")], FrozenSet<string>.Empty));
        foreach (var isMember in new[] { memberFirst, !memberFirst, memberFirst })
        {
            string[] expected = isMember ? ["/a.css"] : ["/a.css", "/late.css"];
            Assert.Equal(expected, Paths(_plans.For(page, _policy, isMember)));
            Assert.Equal(expected, Paths(_plans.For(page, _policy, isMember, originLinks: null)));
            Assert.Same(_plans.For(page, _policy, isMember), _plans.For(page, _policy, isMember));
        }
    }

    [Fact]
    public void A_policy_that_may_not_be_told_still_blocks_and_goes_into_no_103()
    {
        var policy = ContentSecurityPolicy.Of("style-src 'self'; script-src 'none'", [])!;
        var page = new LearnedPage(Some.Page(Some.Style("/a.css"), Some.Script("/b.js")), policy.With(mayBeTold: false)) { IsShared = true };
        var plan = _plans.For(page, _policy, isMember: true);
        Assert.Empty(plan.EarlyFields);
        Assert.Equal(ResourceSkip.BlockedByPolicy, plan.Resources[1].Skip);
        Assert.NotNull(plan.Link);

        page.Share(policy);
        Assert.NotEmpty(_plans.For(page, _policy, isMember: true).EarlyFields);
    }

    private static IEnumerable<string> Paths(DeliveryPlan plan) => plan.Resources.Select(r => r.Resource!.Url.AbsolutePath);
}
