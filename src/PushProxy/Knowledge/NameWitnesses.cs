using System.Collections.Immutable;

namespace PushProxy.Knowledge;

/// <summary>
/// The connections whose answers said one thing at one path: named a resource, or stated a policy. A name that only one connection was sent
/// may be that visitor's own, so it is told to nobody else. Safe for use by several requests at once.
/// </summary>
/// <param name="enough">How many connections make it everybody's (<see cref="LearningOptions.NamedBy"/>).</param>
internal sealed class NameWitnesses(int enough)
{
    private ImmutableArray<ulong> _connections = [];
    private volatile bool _isTold;

    /// <summary>The connections, at most as many as are enough.</summary>
    public ImmutableArray<ulong> Connections => _connections;

    /// <summary>Whether clients may be told of the name in advance.</summary>
    public bool IsTold => _isTold;

    /// <summary>Returns whether a connection counts already, or need not be counted.</summary>
    public bool Has(ulong connection) => _isTold || _connections.Contains(connection);

    /// <summary>Counts one connection.</summary>
    /// <returns>True if clients may be told from now on.</returns>
    public bool Add(ulong connection)
    {
        if (_isTold || !ImmutableInterlocked.Update(
            ref _connections, static (all, one) => all.Contains(one) ? all : all.Add(one), connection))
        {
            return false;
        }

        return _connections.Length >= enough && Tell();
    }

    /// <summary>Notes that pages around this one have made the name everybody's.</summary>
    /// <returns>True if clients may be told from now on.</returns>
    public bool Tell()
    {
        var before = _isTold;
        _isTold = true;
        return !before;
    }
}
