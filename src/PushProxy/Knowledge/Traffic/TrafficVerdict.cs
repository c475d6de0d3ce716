using System.Collections.Frozen;
using System.Collections.Immutable;
using PushProxy.Analysis;

namespace PushProxy.Knowledge.Traffic;

/// <summary>What traffic says of a page. Immutable.</summary>
/// <param name="Joined">What browsers ask for after nearly every view, though the analysis did not find it.</param>
/// <param name="Unused">Path and query of what the analysis found and browsers do not ask for.</param>
internal sealed record TrafficVerdict(ImmutableArray<CriticalResource> Joined, FrozenSet<string> Unused)
{
    /// <summary>As the analysis says.</summary>
    public static TrafficVerdict None { get; } = new([], FrozenSet<string>.Empty);

    /// <summary>The analysis, with what joins after its own.</summary>
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
