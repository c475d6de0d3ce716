using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Tests.Budgets;

public sealed class ChargedListTests
{
    private const long Memory = 64 * 1024;

    [Fact]
    public void It_grows_as_far_as_its_memory_is_there_and_keeps_what_it_has()
    {
        var budget = new AnalysisBudget(TimeSpan.FromDays(1), 1, Memory, CancellationToken.None);
        var list = new ChargedList<long>(budget, AnalysisCost.Selectors);
        var count = 0;
        while (list.TryAdd(count))
        {
            count++;
        }

        // At its last growth, it was charged for what it had and for what it took.
        Assert.Equal(4096, count);
        Assert.Equal(Enumerable.Range(0, count).Select(static i => (long)i), list);
        Assert.Equal(count - 1, list[count - 1]);
        Assert.Equal(AnalysisCost.Selectors, budget.RanOutOn);
        Assert.Equal(6144 * sizeof(long), budget.MostBytes);
    }

    [Fact]
    public void It_ends_where_no_page_of_anybody_s_is_even_if_there_is_memory()
    {
        var budget = new AnalysisBudget(TimeSpan.FromDays(1), 1, 1L << 40, CancellationToken.None);
        var list = new ChargedList<long>(budget, AnalysisCost.Selectors);
        while (list.TryAdd(list.Count))
        {
        }

        Assert.Equal(ChargedList<long>.MaxBytes, list.Count * sizeof(long));
        Assert.Equal(ChargedList<long>.MaxBytes, budget.Bytes);
        Assert.Equal(AnalysisCost.Selectors, budget.RanOutOn);
    }

    [Fact]
    public void Its_memory_serves_again()
    {
        var budget = new AnalysisBudget(TimeSpan.FromDays(1), 1, Memory, CancellationToken.None);
        var list = new ChargedList<long>(budget, AnalysisCost.Selectors);
        for (var round = 0; round < 100; round++)
        {
            list.Clear();
            Assert.Empty(list);
            for (var i = 0; i < 1000; i++)
            {
                Assert.True(list.TryAdd(i));
            }
        }

        Assert.Equal(1000, list.Span.Length);
        Assert.Equal(1024 * sizeof(long), budget.Bytes);
    }
}
