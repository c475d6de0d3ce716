using PushProxy.Analysis.Budgets;
using PushProxy.Testing;

namespace PushProxy.Analysis.Tests.Budgets;

/// <summary>Time counts only while the analysis works.</summary>
public class AnalysisBudgetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void Time_without_a_processor_does_not_count()
    {
        var budget = NewBudget();
        Thread.Sleep(Limit * 4);
        Assert.True(budget.Spend(AnalysisCost.Html));
        Assert.Null(budget.RanOutOn);
    }

    [Fact]
    public void Time_that_others_work_while_it_waits_does_not_count()
    {
        var budget = NewBudget();
        using (budget.Wait())
        {
            Work(Limit * 4);
        }

        Assert.True(budget.Spend(AnalysisCost.Html));
        Assert.Null(budget.RanOutOn);
    }

    [Fact]
    public void Work_without_steps_counts()
    {
        var budget = NewBudget();
        Work(Limit * 4);
        Assert.False(budget.Spend(AnalysisCost.Html));
        Assert.Equal(AnalysisCost.Html, budget.RanOutOn);
    }

    [Fact]
    public async Task Work_on_another_thread_counts_too()
    {
        var budget = NewBudget();
        var isLeft = await Task.Factory.StartNew(
            () =>
            {
                Work(Limit * 4);
                return budget.Spend(AnalysisCost.Html);
            },
            TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        Assert.False(isLeft);
    }

    private static AnalysisBudget NewBudget() => new(Limit, 1, 1_000_000, TestContext.Current.CancellationToken);

    private static void Work(TimeSpan time)
    {
        var start = ProcessorTime.OfThread();
        while (ProcessorTime.OfThread() - start < time)
        {
            Thread.SpinWait(1000);
        }
    }
}
