using System.Collections.Immutable;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// What one version of a page says, and who was sent it: each resource, and each origin to connect to. Written under the page store's lock.
/// </summary>
/// <param name="keys">What the page says.</param>
/// <param name="waitingFor">
/// How many of these, from the first on, have to be told before the page counts as told. The rest only the debug header shows.
/// </param>
/// <param name="witnesses">Returns who was sent a name (<see cref="NameKey"/>) so far.</param>
internal sealed class PageNames(IEnumerable<UInt128> keys, int waitingFor, Func<UInt128, NameWitnesses> witnesses)
{
    private readonly ImmutableArray<(UInt128 Key, NameWitnesses Witnesses)> _names = [.. keys.Select(key => (key, witnesses(key)))];

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 64 + (96L * _names.Length);

    /// <summary>Whether clients may be told of everything but what only the debug header shows.</summary>
    public bool AreTold
    {
        get
        {
            foreach (var (_, name) in Awaited)
            {
                if (!name.IsTold)
                {
                    return false;
                }
            }

            return true;
        }
    }

    private ReadOnlySpan<(UInt128 Key, NameWitnesses Witnesses)> Awaited => _names.AsSpan(0, waitingFor);

    /// <summary>Returns who was sent a name; null if the page does not say it.</summary>
    public NameWitnesses? Find(UInt128 key)
    {
        foreach (var (named, name) in _names)
        {
            if (named == key)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>Returns whether a connection counts already, or need not be counted.</summary>
    public bool Has(ulong connection)
    {
        foreach (var (_, name) in Awaited)
        {
            if (!name.Has(connection))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Counts that a connection was sent the page.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="wholly">Whether it was sent all of it, and not only what delivery names.</param>
    /// <returns>True if clients may now be told of more.</returns>
    public bool Add(ulong connection, bool wholly)
    {
        var isNew = false;
        foreach (var (_, name) in wholly ? _names.AsSpan() : Awaited)
        {
            isNew |= name.Add(connection);
        }

        return isNew;
    }
}
