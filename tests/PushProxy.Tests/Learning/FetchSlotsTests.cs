using System.Net;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>How many fetches are under way: few in all, fewer from one host, and never all for one client.</summary>
public class FetchSlotsTests
{
    private readonly FetchSlots _slots = new(new LearningOptions { MaxConcurrentFetches = 8, MaxConcurrentFetchesPerHost = 4 });

    [Fact]
    public void One_client_gets_half_of_a_host_and_the_host_half_of_all()
    {
        Assert.Equal(2, Enter("10.0.0.1", "slow.test"));
        Assert.Equal(2, Enter("10.0.1.1", "slow.test"));
        Assert.Equal(0, Enter("10.0.2.1", "slow.test"));
        Assert.Equal(2, Enter("10.0.0.1", "other.test"));
    }

    [Fact]
    public void One_client_with_many_hosts_leaves_half_of_all()
    {
        Assert.Equal(4, Enumerable.Range(0, 20).Sum(i => Enter("10.0.0.1", $"{i}.test")));
        Assert.Equal(2, Enter("10.0.1.1", "site.test"));
    }

    [Fact]
    public async Task Whoever_waits_gets_the_place_that_another_leaves_and_not_one_of_those_that_may_not()
    {
        var slow = Party("10.0.0.1", "slow.test");
        Assert.Equal(2, Enter("10.0.0.1", "slow.test"));
        var waiting = _slots.EnterAsync(slow, TestContext.Current.CancellationToken).AsTask();
        Assert.True(_slots.EnterAsync(Party("10.0.1.1", "fast.test"), TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.False(waiting.IsCompleted);
        _slots.Leave(slow);
        await waiting;
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_nothing_behind()
    {
        var slow = Party("10.0.0.1", "slow.test");
        Enter("10.0.0.1", "slow.test");
        using var cancellation = new CancellationTokenSource();
        var waiting = _slots.EnterAsync(slow, cancellation.Token).AsTask();
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        _slots.Leave(slow);
        _slots.Leave(slow);
        Assert.Equal(2, Enter("10.0.0.1", "slow.test"));
    }

    private static Party Party(string client, string host) => new(AddressPrefix.NetworkOf(IPAddress.Parse(client)), host);

    // How many of twenty get a place at once. The others give up.
    private int Enter(string client, string host)
    {
        using var givingUp = new CancellationTokenSource();
        var entered = Enumerable.Range(0, 20).Count(_ => _slots.EnterAsync(Party(client, host), givingUp.Token).IsCompleted);
        givingUp.Cancel();
        return entered;
    }
}
