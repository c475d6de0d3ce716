using System.Runtime.InteropServices;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Counts places that are taken at the same time, so that nobody takes all of them. One client takes at most half of all, one host at most
/// its own maximum, and one client at one host at most half of that. Not thread-safe.
/// </summary>
/// <param name="total">The number of places.</param>
/// <param name="perHost">How many of them one host may take.</param>
internal sealed class Shares(int total, int perHost)
{
    private readonly int _perClient = Math.Max(1, total / 2);
    private readonly int _perParty = Math.Max(1, perHost / 2);
    private readonly Dictionary<AddressPrefix, int> _clients = [];
    private readonly Dictionary<string, int> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<Party, int> _parties = [];

    /// <summary>How many places are taken.</summary>
    public int Count { get; private set; }

    /// <summary>Returns whether there is a place for this party.</summary>
    public bool HasRoomFor(Party party) => Count < total && _clients.GetValueOrDefault(party.Client) < _perClient
        && _hosts.GetValueOrDefault(party.Host) < perHost && _parties.GetValueOrDefault(party) < _perParty;

    /// <summary>Takes a place.</summary>
    /// <returns>False if there is none for this party.</returns>
    public bool TryEnter(Party party)
    {
        if (!HasRoomFor(party))
        {
            return false;
        }

        Add(party, 1);
        return true;
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(Party party) => Add(party, -1);

    private void Add(Party party, int change)
    {
        Count += change;
        Add(_clients, party.Client, change);
        Add(_hosts, party.Host, change);
        Add(_parties, party, change);
    }

    private static void Add<T>(Dictionary<T, int> counts, T key, int change)
        where T : notnull
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _);
        count += change;
        if (count == 0)
        {
            counts.Remove(key);
        }
    }
}
