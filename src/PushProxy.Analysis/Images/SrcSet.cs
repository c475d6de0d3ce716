using System.Globalization;

namespace PushProxy.Analysis.Images;

/// <summary>A candidate of a <c>srcset</c>: URL as written, and its descriptor.</summary>
/// <param name="Url">As written.</param>
/// <param name="Width">Its width in its own pixels (<c>w</c>); null where it has none.</param>
/// <param name="Density">Its pixels a CSS pixel (<c>x</c>); 1 where it says nothing.</param>
internal readonly record struct SrcSetCandidate(string Url, double? Width, double Density);

/// <summary>Reads <c>srcset</c> (HTML §4.8.4.2.1) and chooses as Chromium chooses.</summary>
internal static class SrcSet
{
    private const int MaxCandidates = 64;
    private const string Spaces = " \t\n\f\r";

    /// <summary>Its candidates; those with descriptors that are not valid are left out.</summary>
    public static List<SrcSetCandidate> Parse(string? attribute)
    {
        var candidates = new List<SrcSetCandidate>();
        var rest = attribute.AsSpan();
        while (candidates.Count < MaxCandidates)
        {
            rest = rest.TrimStart(Spaces + ",");
            if (rest.IsEmpty)
            {
                break;
            }

            // A URL may have commas in it, but not at its end.
            var end = rest.IndexOfAny(Spaces);
            var url = end < 0 ? rest : rest[..end];
            rest = end < 0 ? [] : rest[end..];
            var descriptors = ReadOnlySpan<char>.Empty;
            if (url[^1] != ',')
            {
                var comma = CommaOutsideBrackets(rest);
                descriptors = comma < 0 ? rest : rest[..comma];
                rest = comma < 0 ? [] : rest[(comma + 1)..];
            }

            if (Describe(url.TrimEnd(',').ToString(), descriptors.Trim().ToString()) is { } candidate)
            {
                candidates.Add(candidate);
            }
        }

        return candidates;
    }

    /// <summary>The candidate a client takes; null without candidates.</summary>
    /// <param name="candidates">Those of <c>srcset</c>, and <c>src</c> where it is one of them.</param>
    /// <param name="displayedWidth">How wide <c>sizes</c> says it is displayed, in CSS pixels.</param>
    /// <param name="pixelRatio">Device pixels a CSS pixel.</param>
    public static SrcSetCandidate? Choose(IEnumerable<SrcSetCandidate> candidates, double displayedWidth, double pixelRatio)
    {
        var sorted = candidates
            .Select(candidate =>
                candidate with { Density = candidate.Width is { } width ? width / Math.Max(1, displayedWidth) : candidate.Density })
            .OrderBy(candidate => candidate.Density)
            .DistinctBy(candidate => candidate.Density)
            .ToArray();
        if (sorted.Length == 0)
        {
            return null;
        }

        var at = 0;
        for (; at + 1 < sorted.Length; at++)
        {
            var (density, next) = (sorted[at].Density, sorted[at + 1].Density);
            if (next < pixelRatio)
            {
                continue;
            }

            // Between two, the nearer one by ratio; but never one that is too coarse for a plain screen.
            return (pixelRatio <= 1 && pixelRatio > density) || pixelRatio >= Math.Sqrt(density * next) ? sorted[at + 1] : sorted[at];
        }

        return sorted[at];
    }

    private static SrcSetCandidate? Describe(string url, string descriptors)
    {
        double? width = null, density = null;
        foreach (var word in descriptors.Split(Spaces.ToCharArray(), StringSplitOptions.RemoveEmptyEntries))
        {
            if (!double.TryParse(word.AsSpan(0, word.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                || number < 0)
            {
                return null;
            }

            switch (word[^1])
            {
                case 'w' when number > 0:
                    width = number;
                    break;
                case 'x':
                    density = number;
                    break;
                case 'h':
                    break;
                default:
                    return null;
            }
        }

        return width is not null && density is not null ? null : new(url, width, density ?? 1);
    }

    private static int CommaOutsideBrackets(ReadOnlySpan<char> text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' && depth > 0 ? -1 : 0;
            if (text[i] == ',' && depth == 0)
            {
                return i;
            }
        }

        return -1;
    }
}
