using PushProxy.Client.Pacing;
using PushProxy.Delivery;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

public class PushBudgetTests
{
    private static readonly LinkState Link = new(TimeSpan.FromMilliseconds(100), 10_000, 0, 0);
    private static readonly DeliveryPolicy Policy = new() { MaxPushes = 4, MaxPushBytes = 200_000 };

    [Fact]
    public void Ends_at_the_count()
    {
        var budget = new PushBudget(Policy, Link, new PageForecast(TimeSpan.FromSeconds(10), 0));
        Assert.Equal([0, 0, 0, 0, PushSkip.OverPushCount], Enumerable.Range(0, 5).Select(_ => budget.TryTake(Some.Style("/a.css"), 10)));
        budget.GiveBack(10);
        Assert.Equal(PushSkip.None, budget.TryTake(Some.Style("/a.css"), 10));
    }

    [Fact]
    public void Ends_at_the_bytes_but_a_smaller_one_may_fit()
    {
        var budget = new PushBudget(Policy, Link, new PageForecast(TimeSpan.FromSeconds(10), 0));
        Assert.Equal(PushSkip.None, budget.TryTake(Some.Style("/a.css"), 150_000));
        Assert.Equal(PushSkip.OverPushBytes, budget.TryTake(Some.Style("/b.css"), 50_001));
        Assert.Equal(PushSkip.None, budget.TryTake(Some.Style("/c.css"), 50_000));
    }

    [Fact]
    public void What_blocks_may_begin_in_idle_time_and_the_rest_must_end_in_it()
    {
        // 100 ms of thought and a round trip carry 10 + 20 + 40 kB, of which the page takes 20.
        var image = Some.Style("/hero.jpg") with { Blocking = false };
        var budget = new PushBudget(Policy, Link, new PageForecast(TimeSpan.FromMilliseconds(100), 20_000));
        Assert.Equal(PushSkip.OverIdleTime, budget.TryTake(image, 50_001));
        Assert.Equal(PushSkip.None, budget.TryTake(Some.Style("/a.css"), 45_000));
        Assert.Equal(PushSkip.OverIdleTime, budget.TryTake(image, 6_000));
        Assert.Equal(PushSkip.None, budget.TryTake(Some.Script("/b.js"), 30_000));
        Assert.Equal(PushSkip.OverIdleTime, budget.TryTake(Some.Script("/c.js"), 1));
    }

    [Fact]
    public void Where_the_origin_answers_at_once_and_the_page_fills_the_path_nothing_fits() =>
        Assert.Equal(PushSkip.OverIdleTime, new PushBudget(Policy, Link, new PageForecast(TimeSpan.Zero, 40_000)).TryTake(Some.Style("/a.css"), 1));
}
