namespace PushProxy.Client.Pacing;

/// <summary>
/// How many connections wait for their sockets to empty. Each looks at its socket now and then; together they may not take
/// more than a small share of a processor, so the more there are, the less often each looks.
/// </summary>
internal sealed class PacingLoad
{
    /// <summary>The time between two looks of any two connections, on average.</summary>
    private static readonly TimeSpan Spacing = TimeSpan.FromMicroseconds(20);

    private int _waiting;

    /// <summary>Connections that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>One connection more, until the result is disposed of.</summary>
    public IDisposable Enter()
    {
        Interlocked.Increment(ref _waiting);
        return new Leave(this);
    }

    /// <summary>The pause until a connection's next look: as long as it wants, longer when there are many.</summary>
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
