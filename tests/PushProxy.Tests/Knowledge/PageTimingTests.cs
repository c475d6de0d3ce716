using PushProxy.Knowledge;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class PageTimingTests
{
    private readonly PageTiming _timing = new();

    [Fact]
    public void Nothing_is_known_before_the_first_response()
    {
        Assert.Null(_timing.ThinkTime);
        Assert.Null(_timing.Bytes);
        _timing.Observe(TimeSpan.FromMilliseconds(200), null);
        Assert.Equal(TimeSpan.FromMilliseconds(200), _timing.ThinkTime);
        Assert.Null(_timing.Bytes);
    }

    [Fact]
    public void A_page_that_comes_sooner_is_believed_sooner_than_one_that_comes_later()
    {
        Observe(1000, 0);
        Assert.Equal(TimeSpan.FromMilliseconds(250), _timing.ThinkTime);
        Observe(1250);
        Assert.Equal(TimeSpan.FromMilliseconds(500), _timing.ThinkTime);
    }

    [Fact]
    public void Its_length_is_an_average_either_way()
    {
        _timing.Observe(TimeSpan.Zero, 10_000);
        _timing.Observe(TimeSpan.Zero, 20_000);
        Assert.Equal(12_500, _timing.Bytes);
        _timing.Observe(TimeSpan.Zero, 4_500);
        Assert.Equal(10_500, _timing.Bytes);
    }

    private void Observe(params int[] milliseconds)
    {
        foreach (var think in milliseconds)
        {
            _timing.Observe(TimeSpan.FromMilliseconds(think), null);
        }
    }
}
