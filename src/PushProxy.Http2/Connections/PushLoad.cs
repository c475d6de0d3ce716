using System.Runtime.CompilerServices;

namespace PushProxy.Http2.Connections;

/// <summary>
/// Counts the pushes of all connections of one server, and ends those that a client lets wait. A response that waits for the client's
/// window keeps its buffers, and one whose client never opens a window would keep them for as long as the connection lives.
/// </summary>
internal sealed class PushLoad(TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);
    private static readonly ConditionalWeakTable<IServiceProvider, PushLoad> OfServers = new();

    private readonly Lock _lock = new();
    private readonly HashSet<PushConnection> _connections = [];
    private ITimer? _timer;
    private int _inFlight;

    /// <summary>The pushes that wait, are promised, or are being served, on all connections together.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>The connections that are looked after: all that have pushes, and some that had until a moment ago.</summary>
    public int Connections
    {
        get
        {
            lock (_lock)
            {
                return _connections.Count;
            }
        }
    }

    /// <summary>Returns the one that all endpoints of a server share.</summary>
    public static PushLoad Of(IServiceProvider server) => OfServers.GetValue(server, static _ => new PushLoad(TimeProvider.System));

    public void Began() => Interlocked.Increment(ref _inFlight);

    public void Ended() => Interlocked.Decrement(ref _inFlight);

    /// <summary>Looks after a connection that has begun to push. Called under the connection's gate.</summary>
    public void Add(PushConnection connection)
    {
        lock (_lock)
        {
            _connections.Add(connection);

            // No timer runs, and nothing is kept, while nothing is pushed.
            _timer ??= time.CreateTimer(static load => ((PushLoad)load!).EndStalled(), this, LookEvery, LookEvery);
        }
    }

    /// <summary>Forgets a connection that has no pushes any more. Called under the connection's gate.</summary>
    public void Remove(PushConnection connection)
    {
        lock (_lock)
        {
            if (_connections.Remove(connection) && _connections.Count == 0)
            {
                _timer?.Dispose();
                _timer = null;
            }
        }
    }

    /// <summary>Ends the pushes that have brought the client nothing for too long.</summary>
    public void EndStalled()
    {
        PushConnection[] connections;
        lock (_lock)
        {
            connections = [.. _connections];
        }

        foreach (var connection in connections)
        {
            connection.EndStalled(time.GetTimestamp(), time);
        }
    }
}
