using System.Collections.Concurrent;
using PushProxy.Cache;
using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge.Sharing;

/// <summary>Remembers what was purged at this instance, to be told to the others.</summary>
internal sealed class SharedPurges : IHttpCachePurgeObserver
{
    /// <summary>How many are remembered. Who purges more at once, before the others can be told, purges everything there.</summary>
    private const int Max = 1024;

    private static readonly SavedPurge Everything = new("", "", IsPrefix: true);

    private readonly ConcurrentQueue<SavedPurge> _waiting = new();

    [ThreadStatic]
    private static bool s_isFromOthers;

    /// <summary>Purges what another instance has purged. It is not told to the others again.</summary>
    public static void Again(HttpCachePurge purge, SavedPurge purged)
    {
        s_isFromOthers = true;
        try
        {
            purge.Again(new HttpCachePurged(purged.Authority, purged.Target, purged.IsPrefix, purged.Group));
        }
        finally
        {
            s_isFromOthers = false;
        }
    }

    public void Purged(IReadOnlyList<HttpCachePurged> purged)
    {
        if (s_isFromOthers)
        {
            return;
        }

        // Of a group, its name is enough: what belongs to it there need not be what belongs to it here.
        var group = purged.FirstOrDefault(static p => p.Group is not null);
        foreach (var one in group is null ? purged : [group])
        {
            _waiting.Enqueue(new SavedPurge(one.Authority, one.Target, one.IsPrefix, one.Group));
        }

        if (_waiting.Count > Max)
        {
            _waiting.Clear();
            _waiting.Enqueue(Everything);
        }
    }

    /// <summary>Whether the others are to be told anything.</summary>
    public bool Any => !_waiting.IsEmpty;

    /// <summary>Puts back what the others were not told, or may have lost.</summary>
    public void Add(SavedPurge purged) => _waiting.Enqueue(purged);

    /// <summary>Takes what the others are to be told.</summary>
    public IReadOnlyList<SavedPurge> Take()
    {
        var taken = new List<SavedPurge>();
        while (_waiting.TryDequeue(out var one))
        {
            taken.Add(one);
        }

        return taken;
    }
}
