using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using PushProxy.Cache.Encodings;

namespace PushProxy.Cache.Store;

/// <summary>
/// Keeps responses in memory, by URL, and of each URL the variants side by side. When the memory is used up, what was asked for once goes
/// before what was asked for again, and of these what was unused for the longest time.
/// </summary>
internal sealed class ResponseStore : IDisposable
{
    private readonly HttpCacheOptions _options;
    private readonly TimeProvider _time;
    private readonly MemoryCache _memory;
    private readonly Lock _writing = new();
    private readonly RecentPurges _purges = new();
    private long _uses;

    public ResponseStore(IOptions<HttpCacheOptions> options, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _memory = new MemoryCache(new MemoryCacheOptions { SizeLimit = _options.MaxBytes, TrackStatistics = true });
    }

    /// <summary>The memory that stored responses take, in bytes.</summary>
    public long Bytes => _memory.GetCurrentStatistics()?.CurrentEstimatedSize ?? 0;

    /// <summary>The number of URLs that have stored responses.</summary>
    public int Count => _memory.Keys.OfType<string>().Count(static key => key[0] != ForOneMark);

    /// <summary>How often something was removed on request. A response that was asked for before that is not stored after it.</summary>
    public long Purges => _purges.Count;

    /// <summary>Returns whether a URL was removed since <see cref="Purges"/> was so many.</summary>
    public bool IsPurged(string key, long since)
    {
        if (since == _purges.Count)
        {
            return false;
        }

        lock (_writing)
        {
            return _purges.HaveHit(key, since);
        }
    }

    /// <summary>Returns the stored response that was chosen by the same request fields; null if there is none.</summary>
    public StoredResponse? Find(string key, string partition, IHeaderDictionary request)
    {
        if (!_memory.TryGetValue(key, out Variants? variants))
        {
            return null;
        }

        var now = _time.GetUtcNow();
        foreach (var response in variants!.All)
        {
            if (response.Partition == partition && response.Selection.Matches(request) && now < response.KeepUntil(_options))
            {
                response.LastUsed = Interlocked.Increment(ref _uses);
                if (!variants.IsUsed)
                {
                    Keep(key, variants);
                }

                return response;
            }
        }

        return null;
    }

    /// <summary>Returns whether a URL has stored responses.</summary>
    public bool Knows(string key) => _memory.TryGetValue(key, out _);

    /// <summary>Returns what <see cref="Find"/> would, of any partition. It does not count as a use.</summary>
    public StoredResponse? Peek(string key, IHeaderDictionary request) => _memory.TryGetValue(key, out Variants? variants)
        ? Array.Find(variants!.All, r => r.Selection.Matches(request) && _time.GetUtcNow() < r.KeepUntil(_options)) : null;

    /// <summary>Returns whether responses of the URL were for one client each, a moment ago.</summary>
    public bool IsForOne(string key) => _memory.TryGetValue(ForOneKey(key), out _);

    /// <summary>Notes that a response of the URL was for one client, so that nobody waits for such a response soon.</summary>
    public void NoteForOne(string key)
    {
        using var entry = _memory.CreateEntry(ForOneKey(key));

        // An entry without a value is not kept.
        entry.Value = nameof(NoteForOne);
        entry.Size = 256 + (2 * key.Length);
        entry.Priority = CacheItemPriority.Low;
        entry.AbsoluteExpirationRelativeToNow = _options.ForOnePause;
    }

    /// <summary>Stores a response. It replaces the one that the same requests get.</summary>
    /// <param name="key">The key of its URL.</param>
    /// <param name="response">The response.</param>
    /// <param name="purges">What <see cref="Purges"/> was when the origin was asked.</param>
    /// <returns>Whether it is stored.</returns>
    public bool Add(string key, StoredResponse response, long purges)
    {
        lock (_writing)
        {
            if (_purges.HaveHit(key, purges))
            {
                return false;
            }

            _memory.TryGetValue(key, out Variants? before);
            response.LastUsed = Interlocked.Increment(ref _uses);
            var others = (before?.All ?? [])
                .Where(r => r.Partition != response.Partition || !r.Selection.Equals(response.Selection))
                .OrderByDescending(static r => r.LastUsed)
                .Take(_options.MaxVariants - 1);
            Set(key, new Variants([response, .. others], before?.IsUsed ?? false));
            return true;
        }
    }

    /// <summary>Returns whether a version of a response is still stored, with whatever head.</summary>
    public bool Knows(string key, StoredResponse response) =>
        _memory.TryGetValue(key, out Variants? variants) && Array.Exists(variants!.All, response.IsSameVersion);

    /// <summary>Returns whether a response is still stored, and nobody has renewed it.</summary>
    public bool Has(string key, StoredResponse response) =>
        _memory.TryGetValue(key, out Variants? variants) && variants!.All.Contains(response);

    /// <summary>Gives a response its forms, if that version is still stored. Its head may have been renewed meanwhile.</summary>
    public void Encoded(string key, StoredResponse response, EncodedForm[] forms)
    {
        lock (_writing)
        {
            if (_memory.TryGetValue(key, out Variants? before)
                && Array.FindIndex(before!.All, response.IsSameVersion) is >= 0 and var at)
            {
                var all = (StoredResponse[])before.All.Clone();
                all[at] = all[at].With(forms);
                Set(key, new Variants(all, before.IsUsed));
            }
        }
    }

    /// <summary>
    /// Stores a response with the head that the origin's 304 has given it, and with the forms that it has by now. If another version was
    /// stored since the origin was asked, that one stays (RFC 9111 §4: the most recent response is used).
    /// </summary>
    /// <param name="key">The key of its URL.</param>
    /// <param name="response">The response as it was when the origin was asked.</param>
    /// <param name="head">Its new head.</param>
    /// <param name="purges">What <see cref="Purges"/> was when the origin was asked.</param>
    /// <returns>The response with that head.</returns>
    public StoredResponse Renew(string key, StoredResponse response, StoredHead head, long purges)
    {
        lock (_writing)
        {
            var now = _memory.TryGetValue(key, out Variants? variants)
                ? Array.Find(variants!.All, r => r.Partition == response.Partition && r.Selection.Equals(response.Selection)) : null;
            if (now is not null && !now.IsSameVersion(response))
            {
                return response.With(head);
            }

            var renewed = (now ?? response).With(head);
            Add(key, renewed, purges);
            return renewed;
        }
    }

    /// <summary>Removes one response, if that version is still stored. Its head may have been renewed meanwhile.</summary>
    public void Remove(string key, StoredResponse response)
    {
        lock (_writing)
        {
            if (!_memory.TryGetValue(key, out Variants? before) || !Array.Exists(before!.All, response.IsSameVersion))
            {
                return;
            }

            if (before.All.Length == 1)
            {
                _memory.Remove(key);
            }
            else
            {
                Set(key, new Variants([.. before.All.Where(r => !response.IsSameVersion(r))], before.IsUsed));
            }
        }
    }

    /// <summary>Removes all that is stored for a URL. What is under way is not stored any more.</summary>
    public int Purge(string key)
    {
        lock (_writing)
        {
            _purges.Add(key, isPrefix: false);
            var known = _memory.TryGetValue(key, out Variants? variants) ? variants!.All.Length : 0;
            _memory.Remove(key);
            return known;
        }
    }

    /// <summary>Removes all URLs whose keys begin with a text and that have a response that matches.</summary>
    /// <param name="prefix">The beginning.</param>
    /// <param name="matches">Whether a response matches; null if all do.</param>
    /// <param name="gone">Called with the key of each URL that is removed; null if nobody wants to know.</param>
    /// <returns>How many responses were removed.</returns>
    public int PurgeAll(string prefix, Func<StoredResponse, bool>? matches = null, Action<string>? gone = null)
    {
        lock (_writing)
        {
            _purges.Add(prefix, isPrefix: true);
            var removed = 0;
            foreach (var key in _memory.Keys.OfType<string>().Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).ToList())
            {
                if (_memory.TryGetValue(key, out Variants? variants) && (matches is null || Array.Exists(variants!.All, r => matches(r))))
                {
                    removed += variants!.All.Length;
                    _memory.Remove(key);
                    gone?.Invoke(key);
                }
            }

            return removed;
        }
    }

    public void Dispose() => _memory.Dispose();

    // No URL's key begins with it: they begin with a number.
    private const char ForOneMark = '!';

    private static string ForOneKey(string key) => $"{ForOneMark}{key}";

    private void Keep(string key, Variants variants)
    {
        lock (_writing)
        {
            if (_memory.TryGetValue(key, out Variants? now) && now == variants)
            {
                Set(key, new Variants(variants.All, true));
            }
        }
    }

    private void Set(string key, Variants variants)
    {
        var until = variants.All.Max(r => r.KeepUntil(_options));
        var left = until - _time.GetUtcNow();
        if (left <= TimeSpan.Zero)
        {
            _memory.Remove(key);
            return;
        }

        using var entry = _memory.CreateEntry(key);
        entry.Value = variants;
        entry.Size = 256 + (2 * key.Length) + variants.All.Sum(static r => r.Size);
        entry.Priority = variants.IsUsed ? CacheItemPriority.Normal : CacheItemPriority.Low;
        entry.AbsoluteExpirationRelativeToNow = left;
    }

    /// <summary>The responses of one URL.</summary>
    /// <param name="All">At least one.</param>
    /// <param name="IsUsed">Whether one of them has answered.</param>
    private sealed record Variants(StoredResponse[] All, bool IsUsed);
}
