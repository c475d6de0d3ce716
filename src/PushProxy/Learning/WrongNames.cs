using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>Finds which deliveries are wrong: what a client is told in advance, and its page then does not name.</summary>
internal static class WrongNames
{
    /// <param name="told">What the client was told before its page had been read.</param>
    /// <param name="analysis">What the page names. A resource that it names but does not wait for counts as named.</param>
    /// <param name="known">What the client was told of.</param>
    public static IEnumerable<ToldResource> Of(IReadOnlyList<ToldResource> told, PageAnalysis analysis, PageAnalysis? known)
    {
        if (told.Count == 0)
        {
            return [];
        }

        var wrong = In(told.Select(static t => t.Resource), analysis, known).ToHashSet();
        return told.Where(t => wrong.Contains(t.Resource));
    }

    /// <summary>Returns which of some resources a page does not name.</summary>
    /// <param name="resources">The resources.</param>
    /// <param name="analysis">What the page names.</param>
    /// <param name="known">What the resources are known from; null if that is not known any more.</param>
    public static IEnumerable<CriticalResource> In(IEnumerable<CriticalResource> resources, PageAnalysis analysis, PageAnalysis? known)
    {
        if (analysis.IsIncomplete)
        {
            return [];
        }

        var named = analysis.Resources.Select(static r => r.Url.AbsoluteUri).Concat(analysis.Skipped.Select(static s => s.Url))
            .ToHashSet(StringComparer.Ordinal);

        // What a stylesheet or module names may still be needed if that could not be read.
        var readsAll = analysis.Unread.Count == 0 || (known is not null && analysis.ReadsAllOf(known));
        return resources.Where(r => !named.Contains(r.Url.AbsoluteUri) && (r.FoundBy.IsInPage() || readsAll));
    }
}
