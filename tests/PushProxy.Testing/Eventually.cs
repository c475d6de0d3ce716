using System.Diagnostics;

namespace PushProxy.Testing;

/// <summary>
/// The tests' one way to wait for what happens beside the request path, in this process or in another one. It looks again and again until
/// a deadline; then it throws and says what it waited for and what it saw last. What a program prints is not waited for by looking:
/// <see cref="RunningTool.UntilAsync"/>.
/// </summary>
public static class Eventually
{
    /// <summary>How long to look, unless a caller says otherwise.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // To look at memory costs nothing; to ask somebody does.
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1), LastPause = TimeSpan.FromMilliseconds(50);

    /// <summary>Looks at memory until a condition holds.</summary>
    /// <param name="condition">Is evaluated on the calling test's own time; must be quick.</param>
    /// <param name="otherwise">Makes the message when it never held: what was waited for, and what is there instead.</param>
    /// <param name="patience">How long to look; null is <see cref="Patience"/>.</param>
    /// <exception cref="TimeoutException">The condition never held.</exception>
    public static Task TrueAsync(Func<bool> condition, Func<string> otherwise, TimeSpan? patience = null) =>
        LookAsync(() => Task.FromResult(condition()), static holds => holds, _ => otherwise(), FirstPause, patience);

    /// <summary>Asks until the answer is yes.</summary>
    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}, TimeSpan?)"/>
    public static Task TrueAsync(Func<Task<bool>> condition, Func<string> otherwise, TimeSpan? patience = null) =>
        LookAsync(condition, static holds => holds, _ => otherwise(), LastPause, patience);

    /// <summary>Asks until the answer is the expected one.</summary>
    /// <param name="expected">Is compared by <see cref="EqualityComparer{T}.Default"/>.</param>
    /// <param name="ask">Gets the answer of the moment.</param>
    /// <param name="patience">How long to ask; null is <see cref="Patience"/>.</param>
    /// <exception cref="TimeoutException">It never was; the message has the last answer.</exception>
    public static Task EqualAsync<T>(T expected, Func<Task<T>> ask, TimeSpan? patience = null) =>
        AnswerAsync(ask, answer => EqualityComparer<T>.Default.Equals(expected, answer), $"{expected}", patience);

    /// <summary>Asks until the answer is as expected, and returns it.</summary>
    /// <param name="ask">Gets the answer of the moment.</param>
    /// <param name="isExpected">Whether it is the one that is waited for.</param>
    /// <param name="expected">What is waited for, for the message.</param>
    /// <param name="patience">How long to ask; null is <see cref="Patience"/>.</param>
    /// <exception cref="TimeoutException">It never was; the message has the last answer.</exception>
    public static Task<T> AnswerAsync<T>(Func<Task<T>> ask, Func<T, bool> isExpected, string expected, TimeSpan? patience = null) =>
        LookAsync(ask, isExpected, last => $"Waited for {expected}; the last answer was {last}.", LastPause, patience);

    private static async Task<T> LookAsync<T>(
        Func<Task<T>> look, Func<T, bool> isExpected, Func<T, string> otherwise, TimeSpan pause, TimeSpan? patience)
    {
        for (var start = Stopwatch.GetTimestamp(); ; pause = pause * 2 < LastPause ? pause * 2 : LastPause)
        {
            var seen = await look();
            if (isExpected(seen))
            {
                return seen;
            }

            if (Stopwatch.GetElapsedTime(start) > (patience ?? Patience))
            {
                throw new TimeoutException(otherwise(seen));
            }

            await Task.Delay(pause);
        }
    }
}
