using System.Diagnostics;

namespace PushProxy.Server.Tests.Support;

/// <summary>Waits for a condition that only asking can tell.</summary>
internal static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    /// <summary>Asks until the answer is the expected one.</summary>
    public static async Task EqualAsync<T>(T expected, Func<Task<T>> ask)
    {
        var clock = Stopwatch.StartNew();
        T answer;
        while (!EqualityComparer<T>.Default.Equals(answer = await ask(), expected))
        {
            if (clock.Elapsed > Limit)
            {
                Assert.Equal(expected, answer);
            }

            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }
    }
}
