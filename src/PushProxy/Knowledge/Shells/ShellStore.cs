using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge.Shells;

/// <summary>Keeps what pages begin with, in a memory cache with a limit in bytes.</summary>
internal sealed class ShellStore : IDisposable
{
    /// <summary>The maximum number of hosts whose shells are counted.</summary>
    private const int MaxSites = 1024;

    /// <summary>The maximum number of shells that wait to be cut. The answers of the next window bring what found no room.</summary>
    private const int MaxUncut = 64;

    /// <summary>How much is forgotten when there is no room, as a part of all.</summary>
    private const double Compaction = 0.1;

    /// <summary>One in so many answers of a page that is not new is compared with those of other pages.</summary>
    private const int TemplateEvery = 16;

    private readonly ShellOptions _options;
    private readonly LearningOptions _learning;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;
    private readonly MemoryCache _sites;
    private readonly Channel<LearnedShell> _uncut = Channel.CreateBounded<LearnedShell>(
        new BoundedChannelOptions(MaxUncut) { SingleReader = true });

    /// <summary>The same shells as in the cache, for enumeration. Looking one up in the cache would keep it alive.</summary>
    private readonly ConcurrentDictionary<ShellKey, LearnedShell> _all = new();
    private readonly KeptRecords? _kept;
    private volatile KnownSite? _lastSite;
    private uint _answers;

    /// <param name="options">The limits.</param>
    /// <param name="learning">Says how long what nobody uses is kept.</param>
    /// <param name="time">The clock.</param>
    /// <param name="kept">What was kept when the program ended last; null if nothing is kept.</param>
    public ShellStore(ShellOptions options, LearningOptions learning, TimeProvider time, KeptRecords? kept = null)
    {
        (_options, _learning, _time, _kept) = (options, learning, time, kept);
        _cache = new(new MemoryCacheOptions
        {
            SizeLimit = options.CacheBytes,
            TrackStatistics = true,
            Clock = new CacheClock(time),
        });
        _sites = new(new MemoryCacheOptions { SizeLimit = MaxSites, Clock = new CacheClock(time) });
    }

    /// <summary>The estimated memory in bytes, never above <see cref="ShellOptions.CacheBytes"/>.</summary>
    public long Size => _cache.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    public long Count => _cache.Count;

    /// <summary>Called when an answer was compared with a shell.</summary>
    public event Action<ShellKey>? Changed;

    /// <summary>The shells that are to be cut.</summary>
    public ChannelReader<LearnedShell> Uncut => _uncut.Reader;

    /// <summary>All that is known, in no order.</summary>
    public IEnumerable<KeyValuePair<ShellKey, LearnedShell>> All => _all;

    /// <summary>Returns what is known of a page's beginning by itself; null if nothing is.</summary>
    public LearnedShell? Find(ShellKey key)
    {
        if (_cache.TryGetValue(key, out LearnedShell? shell))
        {
            shell!.UsedAt = _time.GetUtcNow().UtcTicks;
            return shell;
        }

        return _kept?.TakeShell(key) is { } saved ? Restore(saved) : null;
    }

    /// <summary>Returns what is to be kept, without using it.</summary>
    public IEnumerable<SavedShell> Save() => _all.Select(static s => s.Value.Save(s.Key)).OfType<SavedShell>();

    /// <summary>Forgets all shells.</summary>
    public void Clear()
    {
        foreach (var (key, _) in _all)
        {
            _cache.Remove(key);
        }
    }

    /// <summary>Takes over what another instance knows of a shell.</summary>
    public void Merge(SavedShell saved)
    {
        if (_all.GetValueOrDefault(saved.Key) is not { } shell)
        {
            Restore(saved);
        }
        else if (shell.Merge(saved))
        {
            Set(saved.Key, shell);
        }
    }

    /// <summary>Returns what is to be kept of a shell; null if there is none.</summary>
    public SavedShell? Save(ShellKey key) => _all.GetValueOrDefault(key)?.Save(key);

    /// <summary>Takes over a shell that was kept, if nobody has asked for it yet.</summary>
    /// <param name="record">The key of its record.</param>
    public void Restore(UInt128 record)
    {
        _ = _kept?.TakeShell(record) is { } saved ? Restore(saved) : null;
    }

    private LearnedShell? Restore(SavedShell saved)
    {
        // Nobody has used it for too long.
        if (_time.GetUtcNow() - saved.UsedAt >= _learning.Expiry)
        {
            return null;
        }

        var shell = Make(saved.Key);
        shell.Restore(saved);
        Set(saved.Key, shell);
        return shell;
    }

    /// <summary>
    /// Returns what knows the shell of a page: the page itself, else what speaks for pages that were never seen. What is proven comes
    /// before what is not. Null if none does.
    /// </summary>
    /// <param name="key">The page.</param>
    /// <param name="since">When the site was changed, as a timestamp of the clock.</param>
    public LearnedShell? FindShell(ShellKey key, long since = long.MinValue) => FindShell(key, Find(key), since);

    /// <summary>Returns the same, if it is known what is known of the page itself.</summary>
    public LearnedShell? FindShell(ShellKey key, LearnedShell? own, long since)
    {
        if (own is { IsStopped: true } || own?.IsProven(since) == true)
        {
            return WithShell(own);
        }

        var best = WithShell(own);
        foreach (var template in key.Templates)
        {
            if (WithShell(Find(template)) is { } other)
            {
                if (other.IsProven(since))
                {
                    return other;
                }

                best ??= other;
            }
        }

        return best;
    }

    /// <summary>A shell that was sent for a page was wrong: the page gets no other before it has proven one of its own.</summary>
    public void Stop(ShellVisit visit) => FindOrAdd(visit.Key).IsStopped = true;

    /// <summary>Returns the counts of a host.</summary>
    public ShellSite SiteOf(string authority)
    {
        // Mostly it is the one that was asked for last.
        if (_lastSite is { } last && last.Authority == authority)
        {
            return last.Site;
        }

        if (!_sites.TryGetValue(authority, out ShellSite? site))
        {
            _sites.Set(authority, site = new ShellSite(_options, _time), new MemoryCacheEntryOptions { Size = 1 });
        }

        _lastSite = new(authority, site!);
        return site!;
    }

    /// <summary>Begins to compare a page's answer, whose header fields have come.</summary>
    /// <returns>
    /// What compares it: for the page itself, for the template that its shell is from, and if the page is new or now and then for all
    /// templates.
    /// </returns>
    public IReadOnlyList<ShellView> Begin(ShellVisit visit, IHeaderDictionary headers, bool isEncoded)
    {
        var own = visit.Own ?? FindOrAdd(visit.Key);
        var view = Begin(own, visit, headers, isEncoded);
        var isSample = visit.Own is null || Interlocked.Increment(ref _answers) % TemplateEvery == 0;
        if (!isSample && (visit.Source is null || visit.Source == own))
        {
            return [view];
        }

        var views = new List<ShellView>(4) { view };
        if (isSample)
        {
            views.AddRange(visit.Key.Templates.Select(key => Begin(FindOrAdd(key), visit, headers, isEncoded)));
        }
        else
        {
            views.Add(Begin(visit.Source!, visit, headers, isEncoded));
        }

        return views;
    }

    // What was sent is judged by what was sent. All others judge themselves.
    private static ShellView Begin(LearnedShell shell, ShellVisit visit, IHeaderDictionary headers, bool isEncoded)
    {
        shell.CameEncoded = isEncoded;
        return shell.Begin(shell != visit.Source ? shell.Current : visit.IsSent ? null : visit.Expected, headers, visit.Vary);
    }

    /// <summary>Notes that what is known has changed: how much memory it takes, and whether it must be cut.</summary>
    public void Learned(ShellVisit visit)
    {
        Keep(visit.Key);
        foreach (var key in visit.Key.Templates)
        {
            Keep(key);
        }
    }

    public void Dispose()
    {
        _cache.Dispose();
        _sites.Dispose();
    }

    private void Keep(ShellKey key)
    {
        if (Find(key) is not { } shell)
        {
            return;
        }

        var size = key.Size + shell.Size;
        if (size != shell.KeptSize)
        {
            Set(key, shell);
        }

        if (shell.MustCut)
        {
            _uncut.Writer.TryWrite(shell);
        }

        Changed?.Invoke(key);
    }

    private LearnedShell FindOrAdd(ShellKey key)
    {
        if (Find(key) is { } found)
        {
            return found;
        }

        var made = Make(key);
        made.UsedAt = _time.GetUtcNow().UtcTicks;
        Set(key, made);
        return made;
    }

    private LearnedShell Make(ShellKey key) =>
        new(_options, key.Scope is ShellScope.Page or ShellScope.Query ? 1 : _learning.TemplatePages, _time);

    // An entry that grows and finds no room would be lost, however often it is used. So those unused for the longest time go first.
    private void Set(ShellKey key, LearnedShell shell)
    {
        shell.KeptSize = key.Size + shell.Size;
        if (Size + shell.KeptSize > _options.CacheBytes)
        {
            _cache.Compact(Compaction);
        }

        _all[key] = shell;
        _cache.Set(key, shell, new MemoryCacheEntryOptions
        {
            Size = shell.KeptSize,
            SlidingExpiration = _learning.Expiry,
            Priority = shell.Current is null ? CacheItemPriority.Low : CacheItemPriority.Normal,
        }.RegisterPostEvictionCallback(Evicted));
    }

    private void Evicted(object key, object? value, EvictionReason reason, object? state)
    {
        if (reason != EvictionReason.Replaced && value is LearnedShell shell)
        {
            _all.TryRemove(new((ShellKey)key, shell));
        }
    }

    private sealed record KnownSite(string Authority, ShellSite Site);

    private static LearnedShell? WithShell(LearnedShell? shell) => shell?.Current is null ? null : shell;
}
