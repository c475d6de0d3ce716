using FsCheck;
using FsCheck.Xunit;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Learning;

public class PageCopyTests
{
    private readonly FakeTimeProvider _time = new();

    [Property]
    public void Holds_what_was_appended_up_to_its_limit(byte[][] parts, PositiveInt limit)
    {
        var budget = Budget(1 << 20);
        var all = parts.SelectMany(p => p).ToArray();
        using (var copy = new PageCopy(budget, limit.Get, default, "1"))
        {
            foreach (var part in parts)
            {
                Assert.True(copy.Append(part));
            }

            Assert.Equal(all.Take(limit.Get), copy.Bytes.ToArray());
            Assert.Equal(all.Length > limit.Get, copy.Truncated);
        }

        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void Takes_no_memory_before_bytes_have_come_and_never_much_more_than_they_are()
    {
        var budget = Budget(1 << 20);
        using var copy = new PageCopy(budget, 512 * 1024, default, "1");
        Assert.Equal(0, budget.Used);
        for (var length = 1; length <= 300_000; length += 1000)
        {
            Assert.True(copy.Append(new byte[1000]));
            Assert.InRange(budget.Used, length, Math.Max(4096, 2 * (length + 1000)));
        }
    }

    [Fact]
    public void All_copies_together_stay_within_the_budget()
    {
        var budget = Budget(100_000);
        var copies = new List<PageCopy>();
        PageCopy copy;
        do
        {
            copies.Add(copy = new PageCopy(budget, 50_000, default, "1"));
        }
        while (copy.Append(new byte[16 * 1024]));

        Assert.InRange(copies.Count, 2, (100_000 / (16 * 1024)) + 1);
        Assert.InRange(budget.Used, 1, 100_000);

        // No room to grow, and nobody has more: the copy is of no use, and its room is not lost.
        Assert.False(copies[0].Append(new byte[20_000]));
        copies.ForEach(c => c.Dispose());
        copies.ForEach(c => c.Dispose());
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void The_same_bytes_have_the_same_hash_however_they_came()
    {
        var budget = Budget(1 << 20);
        using var whole = new PageCopy(budget, 1000, default, "1");
        using var parts = new PageCopy(budget, 1000, default, "1");
        whole.Append("abcdef"u8);
        parts.Append("abc"u8);
        parts.Append("def"u8);
        Assert.Equal(whole.Hash(), parts.Hash());
        parts.Append("!"u8);
        Assert.NotEqual(whole.Hash(), parts.Hash());
    }

    [Fact]
    public void A_copy_that_is_read_stays_and_one_that_was_given_up_is_not_read()
    {
        var budget = Budget(64 * 1024);
        using var copy = new PageCopy(budget, 64 * 1024, default, "1");
        Assert.True(copy.Append(new byte[10]));
        Assert.True(copy.TryHold());
        Assert.False(copy.TryGiveUp(PageSkip.Stalled));
        Assert.Equal(10, copy.Bytes.Length);
        copy.LetGo();
        Assert.True(copy.TryGiveUp(PageSkip.Stalled));
        Assert.False(copy.TryHold());
        Assert.False(copy.Append(new byte[10]));
        Assert.Equal(PageSkip.Stalled, copy.GivenUp);
    }

    private CopyBudget Budget(long limit) => new(limit, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30), _time);
}
