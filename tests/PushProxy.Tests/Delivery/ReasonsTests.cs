using PushProxy.ClientCache;
using PushProxy.Delivery;
using PushProxy.Http2;
using Xunit;

namespace PushProxy.Tests.Delivery;

/// <summary>Reasons of other rooms are told as reasons of this one.</summary>
public class ReasonsTests
{
    [Theory]
    [InlineData(PushOutcome.Pushed, SkipReason.None)]
    [InlineData(PushOutcome.NotHttp2, SkipReason.NotHttp2)]
    [InlineData(PushOutcome.DisabledByClient, SkipReason.PushOff)]
    [InlineData(PushOutcome.LimitReached, SkipReason.PushLimit)]
    [InlineData(PushOutcome.ConnectionClosing, SkipReason.ConnectionClosing)]
    [InlineData(PushOutcome.IdentifiersUsedUp, SkipReason.ConnectionClosing)]
    [InlineData(PushOutcome.ParentEnded, SkipReason.RequestEnded)]
    [InlineData(PushOutcome.InvalidTarget, SkipReason.InvalidPromise)]
    [InlineData(PushOutcome.InvalidHeader, SkipReason.InvalidPromise)]
    [InlineData(PushOutcome.RequestIsPushed, SkipReason.InvalidPromise)]
    public void Of_pushing(PushOutcome outcome, SkipReason reason) => Assert.Equal(reason, outcome.ToSkipReason());

    [Fact]
    public void Of_the_clients_cache_each_has_one_of_its_own()
    {
        var reasons = Enum.GetValues<CacheEvidence>().Select(e => e.ToSkipReason()).ToList();
        Assert.Distinct(reasons);
        Assert.Equal(SkipReason.None, CacheEvidence.None.ToSkipReason());
    }

    [Fact]
    public void Every_outcome_has_one() =>
        Assert.All(Enum.GetValues<PushOutcome>(), outcome => Assert.NotEqual("", outcome.ToSkipReason().Name()));
}
