using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>A path and what it is ranked by, as it was when that was read: totals go on while paths are compared.</summary>
/// <param name="Value">The largest is the first.</param>
/// <param name="Key">The path's key. Of equal values, the order is that of names.</param>
/// <param name="Path">The path.</param>
internal readonly record struct RankedPath(long Value, PageKey Key, LearnedPath Path)
{
    public static int Compare(RankedPath a, RankedPath b) =>
        a.Value != b.Value ? b.Value.CompareTo(a.Value)
        : string.CompareOrdinal(a.Key.Authority, b.Key.Authority) is not 0 and var authority ? authority
        : string.CompareOrdinal(a.Key.Path, b.Key.Path) is not 0 and var path ? path
        : string.CompareOrdinal(a.Key.Route, b.Key.Route);
}
