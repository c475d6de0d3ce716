using System.Collections.Immutable;

namespace PushProxy.Model;

/// <summary>
/// The first few addresses that something came from, as the hashes of <see cref="ClientAddress"/>. An address that is not known is never
/// counted as a different one. Safe for use by several requests at once.
/// </summary>
/// <param name="capacity">The maximum number of addresses kept. When it is reached, further ones are not added.</param>
internal sealed class AddressSet(int capacity)
{
    private ImmutableArray<ulong> _known = [];

    /// <summary>The addresses that are known, the oldest first.</summary>
    public ReadOnlySpan<ulong> Known => _known.AsSpan();

    /// <summary>How many addresses are certainly different. It is at least 1: something that came, came from somewhere.</summary>
    public int Count => Math.Max(1, _known.Length);

    /// <summary>The only address that something came from, 0 if it is not known; null if it came from several.</summary>
    public ulong? Only => _known switch { [] => 0, [var one] => one, _ => null };

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 64 + (8L * _known.Length);

    /// <summary>Returns whether an address is known and is not in the set.</summary>
    public bool Lacks(ulong address) => address != 0 && !_known.Contains(address);

    /// <summary>Adds an address.</summary>
    /// <returns>True if it was not in the set before and is now.</returns>
    public bool Add(ulong address) =>
        address != 0 && !_known.Contains(address) && ImmutableInterlocked.Update(
            ref _known,
            static (all, given) => all.Length >= given.capacity || all.Contains(given.address) ? all : all.Add(given.address),
            (address, capacity));

    /// <summary>Adds the addresses of another set, as far as there is room.</summary>
    public void Add(AddressSet other) => Add(other._known);

    /// <summary>Adds addresses, as far as there is room.</summary>
    public void Add(IEnumerable<ulong> addresses)
    {
        foreach (var address in addresses)
        {
            Add(address);
        }
    }

    /// <summary>Returns the addresses that are known, to be kept.</summary>
    public IReadOnlyList<ulong> Save() => _known;

    /// <summary>Forgets the older half, so that old evidence fades.</summary>
    public void Fade() => ImmutableInterlocked.Update(ref _known, static all => all[(all.Length / 2)..]);

    /// <summary>Forgets all addresses.</summary>
    public void Clear() => ImmutableInterlocked.Update(ref _known, static _ => []);

    /// <summary>Returns whether some sets together have enough different addresses.</summary>
    /// <param name="sets">The sets.</param>
    /// <param name="enough">How many are enough. One always is.</param>
    public static bool Reach(IEnumerable<AddressSet> sets, int enough)
    {
        if (enough <= 1)
        {
            return true;
        }

        var together = new AddressSet(enough);
        return sets.Any(set =>
        {
            together.Add(set);
            return together.Count >= enough;
        });
    }
}
