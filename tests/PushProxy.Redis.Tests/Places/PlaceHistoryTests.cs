using PushProxy.Redis.Places;
using Xunit;

namespace PushProxy.Redis.Tests.Places;

public class PlaceHistoryTests
{
    [Fact]
    public void All_is_had_up_to_the_first_gap()
    {
        var history = new PlaceHistory();
        history.Begin("a");
        history.Add(1);
        history.Add(2);
        history.Add(4);
        Assert.Equal(2, history.Seen);
        Assert.Equal([true, true, false, true, false], Enumerable.Range(1, 5).Select(v => history.Has(v)));

        Assert.True(history.Put("a", 3));

        Assert.Equal(4, history.Seen);
        history.Add(7);
        history.AddAll(6);
        Assert.Equal(7, history.Seen);
        history.AddAll(5);
        Assert.Equal(7, history.Seen);
    }

    [Fact]
    public void What_was_put_into_another_place_counts_as_soon_as_that_place_is_known()
    {
        var history = new PlaceHistory();
        Assert.False(history.Put("a", 1));
        Assert.False(history.Has(1));
        history.Begin("a");
        Assert.True(history.Has(1));

        Assert.False(history.Put("b", 1));
        Assert.False(history.Put("b", 3));
        history.Begin("b");
        Assert.Equal(1, history.Seen);
        Assert.True(history.Has(3));

        history.Begin("b");
        Assert.Equal(0, history.Seen);
        Assert.Equal("b", history.Identity);
    }

    [Fact]
    public void Versions_behind_a_gap_have_a_limit()
    {
        var history = new PlaceHistory();
        history.Begin("a");
        for (var i = 2; i < 200_000; i++)
        {
            history.Add(i);
        }

        Assert.False(history.Has(199_000));
        history.AddAll(199_999);
        Assert.Equal(199_999, history.Seen);
    }
}
