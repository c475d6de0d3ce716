using System.Runtime.InteropServices;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Remembers how much processor time the analyses of each client's and each host's pages took lately. Whoever has had least is served
/// first. What was spent counts half after <see cref="HalfLife"/>. Safe for use by many threads at once.
/// </summary>
internal sealed class Spending(TimeProvider time)
{
    /// <summary>
    /// The maximum number of clients, and of hosts, that are remembered. When it is reached, those that spent least are forgotten.
    /// </summary>
    private const int MaxEntries = 1024;

    private static readonly TimeSpan HalfLife = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<AddressPrefix, Spent> _clients = [];
    private readonly Dictionary<string, Spent> _hosts = new(StringComparer.Ordinal);

    /// <summary>The time now, as a timestamp of the clock.</summary>
    public long Now => time.GetTimestamp();

    /// <summary>
    /// Returns what a party has spent, in seconds, as it counts at a time. What its host has spent counts, too: it is fair between hosts
    /// when many clients want pages of one, and when all clients come from one address.
    /// </summary>
    public double Of(Party party, long at)
    {
        lock (_lock)
        {
            return At(_clients.GetValueOrDefault(party.Client), at) + At(_hosts.GetValueOrDefault(party.Host), at);
        }
    }

    /// <summary>Notes what a party has spent.</summary>
    public void Charge(Party party, TimeSpan spent)
    {
        var now = Now;
        lock (_lock)
        {
            Charge(_clients, party.Client, spent, now);
            Charge(_hosts, party.Host, spent, now);
        }
    }

    private void Charge<T>(Dictionary<T, Spent> all, T key, TimeSpan spent, long now)
        where T : notnull
    {
        if (all.Count >= MaxEntries && !all.ContainsKey(key))
        {
            foreach (var (least, _) in all.OrderBy(entry => At(entry.Value, now)).Take(MaxEntries / 2).ToList())
            {
                all.Remove(least);
            }
        }

        ref var entry = ref CollectionsMarshal.GetValueRefOrAddDefault(all, key, out _);
        entry = new Spent(At(entry, now) + spent.TotalSeconds, now);
    }

    private double At(Spent spent, long now) =>
        spent.Seconds == 0 ? 0 : spent.Seconds * Math.Pow(0.5, time.GetElapsedTime(spent.At, now) / HalfLife);

    private readonly record struct Spent(double Seconds, long At);
}
