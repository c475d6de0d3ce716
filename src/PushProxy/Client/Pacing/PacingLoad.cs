namespace PushProxy.Client.Pacing;

/// <summary>
/// Counts the connections that wait for their sockets to empty. Each checks its socket from time to time. Together they may take only a
/// small share of a processor, so the more connections wait, the less often each checks.
/// </summary>
internal sealed class PacingLoad
{
    /// <summary>The average time between two checks of any connections.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMicroseconds(20);

    private int _waiting;

    /// <summary>The number of connections that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Counts one more connection until the result is disposed.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _waiting);
        return new Leave(this);
    }

    /// <summary>
    /// Returns the pause until a connection's next check. It is at least <paramref name="pause"/>, and longer if many connections wait.
    /// </summary>
    public TimeSpan AtLeast(TimeSpan pause)
    {
        var fair = Spacing * Waiting;
        return fair > pause ? fair : pause;
    }

    private sealed class Leave(PacingLoad load) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref load._waiting);
    }
}
