using System.Globalization;
using System.Net;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>One computes at a time; whoever waits for a fetch does not hold up the others.</summary>
public sealed class ComputingTurnsTests : IDisposable
{
    private readonly Spending _spending = new(TimeProvider.System);
    private readonly ComputingTurns _turns;

    public ComputingTurnsTests() => _turns = new ComputingTurns(_spending, TimeProvider.System);

    public void Dispose() => _turns.Dispose();

    [Fact]
    public async Task A_page_that_waits_lets_the_others_compute()
    {
        var fetch = new TaskCompletionSource();
        var slow = Run("10.0.0.1", async () => await fetch.Task);
        for (var i = 1; i < 5; i++)
        {
            await Run($"10.0.{i}.1", () => Task.CompletedTask);
        }

        Assert.False(slow.IsCompleted);
        fetch.SetResult();
        await slow;
    }

    [Fact]
    public async Task Two_pages_never_compute_at_the_same_time()
    {
        var (now, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Run($"10.0.{i}.1", async () =>
        {
            for (var step = 0; step < 20; step++)
            {
                most = Math.Max(most, Interlocked.Increment(ref now));
                Thread.SpinWait(20_000);
                Interlocked.Decrement(ref now);

                // As a fetch: it ends on another thread.
                await Task.Run(static () => { });
            }
        })));
        Assert.Equal(1, most);
    }

    [Fact]
    public async Task It_gives_way_to_requests()
    {
        var niceness = 0;
        await Run("10.0.0.1", () =>
        {
            // The 19th field; the name before it, in brackets, may have spaces.
            var fields = File.ReadAllText("/proc/thread-self/stat").Split(')')[^1].Split(' ');
            niceness = int.Parse(fields[17], CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        Assert.Equal(10, niceness);
    }

    [Fact]
    public async Task Whoever_has_spent_least_is_next()
    {
        _spending.Charge(Party("10.0.0.1"), TimeSpan.FromSeconds(60));
        var order = new List<string>();
        using var begin = new ManualResetEventSlim();
        var first = Run("10.0.9.1", () =>
        {
            begin.Wait();
            return Task.CompletedTask;
        });
        var greedy = Enumerable.Range(0, 3).Select(_ => Run("10.0.0.1", () => Note("greedy"))).ToList();
        var other = Run("10.0.1.1", () => Note("other"));
        begin.Set();
        await Task.WhenAll([first, other, .. greedy]);
        Assert.Equal(["other", "greedy", "greedy", "greedy"], order);

        Task Note(string who)
        {
            order.Add(who);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task An_error_ends_one_page_only()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Run("10.0.0.1", () => throw new InvalidOperationException()));
        await Run("10.0.0.1", () => Task.CompletedTask);
    }

    private static Party Party(string client) => new(AddressPrefix.NetworkOf(IPAddress.Parse(client)), client + ".test");

    private Task Run(string client, Func<Task> page) => Task.Factory.StartNew(
        page, TestContext.Current.CancellationToken, TaskCreationOptions.DenyChildAttach, _turns.For(Party(client))).Unwrap();
}
