using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge.Shells;

/// <summary>
/// The answers in a row that began with a shell, and who was sent them. One client counts for a part of what is needed only, so that nobody
/// alone proves what others are sent. Its owner's lock guards it.
/// </summary>
internal sealed class ShellRights(ShellOptions options)
{
    /// <summary>So many times the clients that a shell is learned from must have been sent it before it is proven.</summary>
    private const int ClientsToProve = 4;

    /// <summary>The time of the last if it came before the program was started.</summary>
    public const long Unknown = long.MinValue;

    private const int MaxClients = 64 * ClientsToProve;

    private readonly Dictionary<ulong, int> _byClient = [];
    private readonly int _share = options.Clients == 1
        ? options.After : Math.Max(1, (options.After + (options.Clients * ClientsToProve) - 1) / (options.Clients * ClientsToProve));

    private long _count;

    /// <summary>Whether there are enough.</summary>
    public bool AreEnough => _count >= options.After;

    /// <summary>When the last came, as a timestamp of the clock.</summary>
    public long LastAt { get; private set; }

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size => 128 + (24L * _byClient.Count);

    /// <summary>Adds one.</summary>
    /// <param name="client">A number that stands for the client; 0 if nothing tells it from others.</param>
    /// <param name="now">The time, as a timestamp of the clock.</param>
    public void Add(ulong client, long now)
    {
        LastAt = now;
        var before = _byClient.GetValueOrDefault(client);
        if (before >= _share || (client == 0 && options.Clients > 1) || (before == 0 && _byClient.Count >= MaxClients))
        {
            return;
        }

        _byClient[client] = before + 1;
        _count++;
    }

    /// <summary>Returns what is to be kept.</summary>
    public IReadOnlyList<SavedRight> Save() => [.. _byClient.Select(static c => new SavedRight(c.Key, c.Value))];

    /// <summary>Takes over what was kept. When the last came is not known.</summary>
    public void Restore(IReadOnlyList<SavedRight> saved)
    {
        foreach (var (client, count) in saved.Take(MaxClients))
        {
            _byClient[client] = Math.Clamp(count, 0, _share);
        }

        (_count, LastAt) = (_byClient.Values.Sum(), Unknown);
    }

    /// <summary>
    /// Takes over how often another instance has found it right. For each client the larger number counts, because it may be the same
    /// answers.
    /// </summary>
    public void Merge(IReadOnlyList<SavedRight> others)
    {
        foreach (var (client, count) in others)
        {
            if (_byClient.GetValueOrDefault(client) is var before && count > before && (before > 0 || _byClient.Count < MaxClients))
            {
                _byClient[client] = Math.Min(count, _share);
            }
        }

        _count = _byClient.Values.Sum();
    }

    /// <summary>A row has ended.</summary>
    public void Clear()
    {
        _count = 0;
        _byClient.Clear();
    }
}
