using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// What was purged at once. A group may have many URLs. Each is found by its path, so that what is known is walked through once for all of
/// them.
/// </summary>
internal sealed class PurgedUrls
{
    private static readonly HeaderDictionary NoFields = [];

    private readonly List<HttpCachePurged> _groups;
    private readonly List<HttpCachePurged> _prefixes;
    private readonly ILookup<(string Authority, string Path), HttpCachePurged> _urls;

    public PurgedUrls(IReadOnlyList<HttpCachePurged> purged)
    {
        _groups = [.. purged.Where(static p => p.Group is not null)];
        _prefixes = [.. purged.Where(static p => p.IsPrefix)];
        _urls = purged.Where(static p => !p.IsPrefix && p.Group is null)
            .ToLookup(static p => (p.Authority.ToLowerInvariant(), PathOf(p.Target)));
    }

    /// <summary>What has to be remembered of it. A group stands for its URLs.</summary>
    public IEnumerable<HttpCachePurged> Lasting => _groups.Count > 0 ? _groups : [.. _prefixes, .. _urls.SelectMany(static u => u)];

    /// <summary>
    /// Returns whether pages of a path were purged, or may have been, because a page on its way may belong to any group. A prefix may end
    /// within the query string.
    /// </summary>
    public static bool MayBeOf(HttpCachePurged purged, PageKey key) =>
        IsOf(purged, key) || (purged.Group is not null && purged.IsOf(key.Authority));

    /// <summary>Returns whether pages of a path were purged, or may have been.</summary>
    public bool MayHave(PageKey key) => Lasting.Any(p => MayBeOf(p, key));

    private static bool IsOf(HttpCachePurged purged, PageKey key) => purged.IsOf(key.Authority)
        && (PathOf(purged.Target) == key.Path || (purged.IsPrefix && key.Path.StartsWith(purged.Target, StringComparison.Ordinal)));

    /// <summary>Returns whether the resource with a key was purged.</summary>
    /// <param name="key"><see cref="ResourceState.Key"/>.</param>
    public bool Cover(string key)
    {
        var at = key.IndexOf('/', StringComparison.Ordinal);
        if (at < 0)
        {
            return false;
        }

        var (authority, target) = (key[..at], key[at..]);
        return _prefixes.Exists(p => p.Covers(authority, target))
            || _urls[(authority.ToLowerInvariant(), PathOf(target))].Any(p => p.Target == target);
    }

    /// <summary>Returns whether a resource on its way was purged, or may have been, because it may belong to any group.</summary>
    public bool MayCover(string key) =>
        Cover(key) || _groups.Exists(g => g.IsOf(key.AsSpan(0, Math.Max(0, key.IndexOf('/', StringComparison.Ordinal)))));

    /// <summary>Returns whether pages of a path were purged.</summary>
    /// <param name="key">The path.</param>
    /// <param name="vary">The request headers that tell its variants apart besides the query string.</param>
    /// <param name="variants">The only variants that were purged; null if all of them were, or if headers decide which.</param>
    public bool Have(PageKey key, IReadOnlyList<string> vary, out HashSet<UInt128>? variants)
    {
        variants = null;
        if (_prefixes.Exists(p => IsOf(p, key)))
        {
            return true;
        }

        var urls = _urls[(key.Authority.ToLowerInvariant(), key.Path)];
        if (vary.Count == 0)
        {
            variants = [.. urls.Select(p => VariantKey.Of(p.Target[PathOf(p.Target).Length..], NoFields, vary))];
        }

        return urls.Any();
    }

    private static string PathOf(string target) =>
        target.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark ? target[..mark] : target;
}
