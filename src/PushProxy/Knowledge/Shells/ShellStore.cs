using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;

namespace PushProxy.Knowledge.Shells;

/// <summary>Keeps what pages begin with, in a memory cache with a limit in bytes.</summary>
internal sealed class ShellStore : IDisposable
{
    /// <summary>The maximum number of hosts whose shells are counted.</summary>
    private const int MaxSites = 1024;

    /// <summary>The maximum number of shells that wait to be cut. The answers of the next window bring what found no room.</summary>
    private const int MaxUncut = 64;

    /// <summary>One in so many answers of a page with a shell of its own is compared with those of other pages.</summary>
    private const int TemplateEvery = 16;

    private readonly ShellOptions _options;
    private readonly LearningOptions _learning;
    private readonly TimeProvider _time;
    private readonly MemoryCache _cache;
    private readonly MemoryCache _sites;
    private readonly Channel<LearnedShell> _uncut = Channel.CreateBounded<LearnedShell>(
        new BoundedChannelOptions(MaxUncut) { SingleReader = true });

    private int _answers;

    public ShellStore(ShellOptions options, LearningOptions learning, TimeProvider time)
    {
        (_options, _learning, _time) = (options, learning, time);
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

    /// <summary>The shells that are to be cut.</summary>
    public ChannelReader<LearnedShell> Uncut => _uncut.Reader;

    /// <summary>All that is known, in no order.</summary>
    public IEnumerable<KeyValuePair<ShellKey, LearnedShell>> All
    {
        get
        {
            foreach (var key in _cache.Keys)
            {
                if (key is ShellKey known && Find(known) is { } shell)
                {
                    yield return new(known, shell);
                }
            }
        }
    }

    /// <summary>Returns what is known of a page's beginning by itself; null if nothing is.</summary>
    public LearnedShell? Find(ShellKey key) => _cache.TryGetValue(key, out LearnedShell? shell) ? shell : null;

    /// <summary>Returns what knows the shell of a page: the page itself, else its folder, else its route; null if none does.</summary>
    public LearnedShell? FindShell(ShellKey key) =>
        WithShell(Find(key)) ?? WithShell(Find(key.Folder)) ?? WithShell(Find(key.All));

    /// <summary>Returns the counts of a host.</summary>
    public ShellSite SiteOf(string authority)
    {
        if (!_sites.TryGetValue(authority, out ShellSite? site))
        {
            _sites.Set(authority, site = new ShellSite(_options, _time), new MemoryCacheEntryOptions { Size = 1 });
        }

        return site!;
    }

    /// <summary>Begins to compare a page's answer, whose header fields have come.</summary>
    /// <returns>What compares it, for the page itself, and now and then for its folder and its route.</returns>
    public IReadOnlyList<ShellView> Begin(ShellVisit visit, IHeaderDictionary headers, bool isEncoded)
    {
        var own = FindOrAdd(visit.Key, pages: 1);
        own.CameEncoded = isEncoded;
        var all = visit.Source == own && Interlocked.Increment(ref _answers) % TemplateEvery != 0
            ? [own]
            : (LearnedShell[])[own, Template(visit.Key.Folder), Template(visit.Key.All)];
        return Array.ConvertAll(all, shell => shell.Begin(shell == visit.Source ? visit.Expected : null, headers));
    }

    /// <summary>Notes that what is known has changed: how much memory it takes, and whether it must be cut.</summary>
    public void Learned(ShellVisit visit)
    {
        Keep(visit.Key);
        Keep(visit.Key.Folder);
        Keep(visit.Key.All);
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
            shell.KeptSize = size;
            _cache.Set(key, shell, new MemoryCacheEntryOptions { Size = size, SlidingExpiration = _learning.Expiry });
        }

        if (shell.MustCut)
        {
            _uncut.Writer.TryWrite(shell);
        }
    }

    private LearnedShell Template(ShellKey key) => FindOrAdd(key, _learning.TemplatePages);

    private LearnedShell FindOrAdd(ShellKey key, int pages)
    {
        if (Find(key) is { } found)
        {
            return found;
        }

        var made = new LearnedShell(_options, pages);
        made.KeptSize = key.Size + made.Size;
        return _cache.Set(key, made, new MemoryCacheEntryOptions { Size = made.KeptSize, SlidingExpiration = _learning.Expiry });
    }

    private static LearnedShell? WithShell(LearnedShell? shell) => shell?.Current is null ? null : shell;
}
