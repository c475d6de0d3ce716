using System.Net;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Who loses a copy when there is no room: a client that has stalled, then the client that has most.</summary>
public class CopyBudgetTests
{
    private const int Large = 512 * 1024, Limit = 8 * Large;

    private static readonly AddressPrefix Greedy = AddressPrefix.NetworkOf(IPAddress.Parse("198.51.100.1"));
    private static readonly AddressPrefix Other = AddressPrefix.NetworkOf(IPAddress.Parse("203.0.113.1"));

    private readonly FakeTimeProvider _time = new();
    private readonly CopyBudget _budget;
    private readonly List<PageSkip> _gaveUp = [];

    public CopyBudgetTests() => _budget = new CopyBudget(Limit, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), _time) { GaveUp = _gaveUp.Add };

    [Fact]
    public void Another_client_gets_room_at_once_however_many_copies_one_client_has()
    {
        var greedy = Enumerable.Range(0, 70).Select(_ => Full(Greedy, "1")).ToList();
        using var other = new PageCopy(_budget, Large, Other, "2");
        Assert.True(other.Append(new byte[Large]));
        Assert.Contains(greedy, copy => copy.GivenUp == PageSkip.Busy);
        Assert.InRange(_budget.Used, Large, Limit);
        Assert.Equal([PageSkip.Busy], _gaveUp);
    }

    [Fact]
    public void Another_connection_of_the_same_address_gets_room_at_once()
    {
        var greedy = Enumerable.Range(0, 70).Select(_ => Full(Greedy, "1")).ToList();
        using var other = new PageCopy(_budget, Large, Greedy, "2");
        Assert.True(other.Append(new byte[Large]));
        Assert.Contains(greedy, copy => copy.GivenUp == PageSkip.Busy);
    }

    [Fact]
    public void Who_has_most_does_not_get_room_at_the_cost_of_others()
    {
        using var other = Full(Other, "2");
        _ = Enumerable.Range(0, 70).Select(_ => Full(Greedy, "1")).ToList();
        Assert.Equal(PageSkip.None, other.GivenUp);
        Assert.Empty(_gaveUp);
    }

    [Fact]
    public void Clients_with_the_same_share_do_not_take_it_from_each_other()
    {
        var copies = Enumerable.Range(0, 8).Select(i => Full(AddressPrefix.NetworkOf(new IPAddress([10, 0, (byte)i, 1])), $"{i}")).ToList();
        using var last = new PageCopy(_budget, Large, Other, "last");
        Assert.False(last.Append(new byte[Large]));
        Assert.All(copies, copy => Assert.Equal(PageSkip.None, copy.GivenUp));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(400)]
    public void A_client_that_takes_next_to_nothing_makes_room_after_a_while(int bytesPerSecond)
    {
        var copies = Enumerable.Range(0, 8).Select(i => new PageCopy(_budget, Large, AddressPrefix.NetworkOf(new IPAddress([10, 0, (byte)i, 1])), $"{i}")).ToList();
        copies.ForEach(copy => copy.Append(new byte[Large - 16_384]));
        for (var second = 0; second < 6; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            copies.ForEach(copy => copy.Append(new byte[bytesPerSecond]));
        }

        using var other = new PageCopy(_budget, Large, Other, "other");
        Assert.True(other.Append(new byte[Large]));
        Assert.Equal([PageSkip.Stalled], _gaveUp);
    }

    [Fact]
    public void A_client_that_takes_a_little_but_never_ends_makes_room_after_the_time_for_all_of_it()
    {
        var copies = Enumerable.Range(0, 8).Select(i => new PageCopy(_budget, Large, AddressPrefix.NetworkOf(new IPAddress([10, 0, (byte)i, 1])), $"{i}")).ToList();
        copies.ForEach(copy => copy.Append(new byte[(Large / 2) + 1]));
        using var early = new PageCopy(_budget, Large, Other, "early");
        for (var second = 0; second < 31; second++)
        {
            if (second == 29)
            {
                Assert.False(early.Append(new byte[Large]));
            }

            _time.Advance(TimeSpan.FromSeconds(1));
            copies.ForEach(copy => copy.Append(new byte[5000]));
        }

        using var other = new PageCopy(_budget, Large, Other, "other");
        Assert.True(other.Append(new byte[Large]));
        Assert.Contains(PageSkip.Stalled, _gaveUp);
    }

    [Fact]
    public void A_whole_copy_that_waits_for_analysis_has_not_stalled()
    {
        var waiting = Full(Greedy, "1");
        waiting.Complete();
        _time.Advance(TimeSpan.FromMinutes(5));
        Assert.False(waiting.HasStalled(_time, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Nobody_waits_while_there_is_room()
    {
        var idle = Full(Greedy, "1");
        _time.Advance(TimeSpan.FromHours(1));
        using var other = Full(Other, "2");
        Assert.Equal(PageSkip.None, idle.GivenUp);
    }

    [Fact]
    public void All_room_comes_back()
    {
        var copies = Enumerable.Range(0, 70).Select(i => Full(i % 2 == 0 ? Greedy : Other, $"{i % 5}")).ToList();
        copies.ForEach(copy => copy.Dispose());
        Assert.Equal(0, _budget.Used);
    }

    private PageCopy Full(AddressPrefix client, string connection)
    {
        var copy = new PageCopy(_budget, Large, client, connection);
        copy.Append(new byte[Large]);
        return copy;
    }
}
