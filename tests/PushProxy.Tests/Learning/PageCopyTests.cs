using FsCheck;
using FsCheck.Xunit;
using PushProxy.Learning;
using Xunit;

namespace PushProxy.Tests.Learning;

public class PageCopyTests
{
    [Property]
    public void Holds_what_was_appended_up_to_its_limit(byte[][] parts, PositiveInt limit)
    {
        var budget = new CopyBudget(1 << 20);
        var all = parts.SelectMany(p => p).ToArray();
        using (var copy = PageCopy.TryCreate(budget, limit.Get, null)!)
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
    public void All_copies_together_stay_within_the_budget()
    {
        var budget = new CopyBudget(100_000);
        var copies = new List<PageCopy>();
        while (PageCopy.TryCreate(budget, 50_000, null) is { } copy)
        {
            copies.Add(copy);
        }

        Assert.InRange(copies.Count, 1, 100_000 / 16_384);
        Assert.InRange(budget.Used, 1, 100_000);

        // No room to grow: the copy is of no use, and its room is not lost.
        Assert.False(copies[0].Append(new byte[40_000]));
        copies.ForEach(c => c.Dispose());
        copies.ForEach(c => c.Dispose());
        Assert.Equal(0, budget.Used);
    }

    [Fact]
    public void The_same_bytes_have_the_same_hash_however_they_came()
    {
        var budget = new CopyBudget(1 << 20);
        using var whole = PageCopy.TryCreate(budget, 1000, 6)!;
        using var parts = PageCopy.TryCreate(budget, 1000, null)!;
        whole.Append("abcdef"u8);
        parts.Append("abc"u8);
        parts.Append("def"u8);
        Assert.Equal(whole.Hash(), parts.Hash());
        parts.Append("!"u8);
        Assert.NotEqual(whole.Hash(), parts.Hash());
    }
}
