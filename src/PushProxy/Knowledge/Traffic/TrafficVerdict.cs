using System.Collections.Frozen;
using System.Collections.Immutable;
using PushProxy.Analysis;

namespace PushProxy.Knowledge.Traffic;

/// <summary>What traffic says about a page. Immutable.</summary>
/// <param name="Joined">The resources that browsers request after nearly every view although the analysis did not find them.</param>
/// <param name="Unused">The path and query of resources that the analysis found but browsers do not request.</param>
internal sealed record TrafficVerdict(ImmutableArray<CriticalResource> Joined, FrozenSet<string> Unused)
{
    /// <summary>The verdict that changes nothing in the analysis.</summary>
    public static TrafficVerdict None { get; } = new([], FrozenSet<string>.Empty);

    /// <summary>
    /// The verdict for visitors with cookies or authorization. What joined by traffic is not told to them: only strangers' requests named
    /// it, and a visitor's credentials go with the requests for what the visitor is told of.
    /// </summary>
    public TrafficVerdict ForMembers => Joined.IsEmpty ? this : field ??= this with { Joined = [] };

    /// <summary>Returns the analysis with the joined resources after its own.</summary>
    public PageAnalysis Extend(PageAnalysis analysis)
    {
        if (Joined.IsEmpty)
        {
            return analysis;
        }

        var urls = Joined.Select(static r => r.Url.AbsoluteUri).ToHashSet(StringComparer.Ordinal);
        return analysis with
        {
            Resources = [.. analysis.Resources, .. Joined],
            Skipped = [.. analysis.Skipped.Where(s => !urls.Contains(s.Url))],
        };
    }

    public bool IsUnused(Uri url) => Unused.Count > 0 && Unused.Contains(url.PathAndQuery);
}
