using PushProxy.Knowledge;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class RecentSetTests
{
    [Fact]
    public void Keeps_what_is_looked_up_and_never_more_than_its_capacity()
    {
        var set = new RecentSet<int>(100);
        set.Add(-1);
        set.Add(-2);
        for (var i = 0; i < 1000; i++)
        {
            set.Add(i);
            Assert.True(set.Contains(-1));
            Assert.True(set.Contains(i));
            Assert.InRange(set.Count, 1, 100);
        }

        Assert.False(set.Contains(-2));
        Assert.False(set.Contains(5000));
    }
}
