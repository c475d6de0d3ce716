using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>What could not be read of a page may name something. Two analyses can be compared where they read the same.</summary>
internal static class UnreadParts
{
    /// <summary>
    /// Returns whether an analysis read all that another one of the same page read. What a stylesheet or module named then is no longer
    /// there if this analysis did not find it. A query string may be another each time.
    /// </summary>
    public static bool ReadsAllOf(this PageAnalysis analysis, PageAnalysis before) =>
        analysis.Unread.All(url => before.Unread.Any(known => known.GetLeftPart(UriPartial.Path) == url.GetLeftPart(UriPartial.Path)));
}
