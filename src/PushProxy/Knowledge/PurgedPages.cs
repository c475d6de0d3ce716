using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>Finds out which pages were purged.</summary>
internal static class PurgedPages
{
    private static readonly HeaderDictionary NoFields = [];

    /// <summary>Returns whether pages of a path were purged.</summary>
    /// <param name="purged">What was purged.</param>
    /// <param name="key">The path.</param>
    /// <param name="vary">The request headers that tell its variants apart besides the query string.</param>
    /// <param name="variant">The only variant that was purged; null if all of them were, or if headers decide which.</param>
    public static bool Have(HttpCachePurged purged, PageKey key, IReadOnlyList<string> vary, out UInt128? variant)
    {
        variant = null;
        if (!purged.IsOf(key.Authority))
        {
            return false;
        }

        var mark = purged.Target.IndexOf('?', StringComparison.Ordinal);
        var isPath = key.Path.AsSpan().SequenceEqual(mark < 0 ? purged.Target : purged.Target.AsSpan(0, mark));
        if (purged.IsPrefix)
        {
            // A prefix may end within the query string.
            return (mark >= 0 && isPath) || key.Path.StartsWith(purged.Target, StringComparison.Ordinal);
        }

        if (vary.Count == 0)
        {
            variant = VariantKey.Of(mark < 0 ? "" : purged.Target[mark..], NoFields, vary);
        }

        return isPath;
    }
}
