using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>Finds which deliveries were wrong: what a client was told in advance, and its page then did not name.</summary>
internal static class WrongNames
{
    /// <param name="told">What the client was told before its page had been read.</param>
    /// <param name="analysis">What the page names. A resource that it names but does not wait for counts as named.</param>
    public static IEnumerable<ToldResource> Of(IReadOnlyList<ToldResource> told, PageAnalysis analysis)
    {
        if (told.Count == 0 || analysis.IsIncomplete)
        {
            return [];
        }

        var named = analysis.Resources.Select(static r => r.Url.AbsoluteUri).Concat(analysis.Skipped.Select(static s => s.Url))
            .ToHashSet(StringComparer.Ordinal);

        // What a stylesheet or module names may still be needed if that could not be read.
        return told.Where(t => !named.Contains(t.Resource.Url.AbsoluteUri)
            && (t.Resource.FoundBy.IsInPage() || analysis.Unread.Count == 0));
    }
}
