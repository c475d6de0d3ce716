namespace PushProxy.Testing.Comparing;

/// <summary>Says in what two transcripts of the same request differ.</summary>
public static class Comparison
{
    private const string LinkField = "header Link: ";
    private const string DecisionField = "header PushProxy-Decision: ";

    /// <summary>The differences, a line each; empty when there are none.</summary>
    /// <param name="reference">What stock YARP's client, or its origin, saw.</param>
    /// <param name="actual">What the other's saw.</param>
    /// <param name="allowOurs">Overlook what PushProxy adds to a page: preload and preconnect <c>Link</c> values, and its decision
    /// header.</param>
    public static IReadOnlyList<string> Differences(Transcript reference, Transcript actual, bool allowOurs)
    {
        if (!allowOurs)
        {
            return Diff(reference.Lines, actual.Lines);
        }

        var ours = actual.Lines.Where(line => !Starts(line, DecisionField));
        return
        [
            .. Diff([.. reference.Lines.Where(NoLink)], [.. ours.Where(NoLink)]),
            .. LinkDifferences([.. reference.Lines.SelectMany(LinkValues)], [.. ours.SelectMany(LinkValues)], IsPage(actual)),
        ];
    }

    private static List<string> LinkDifferences(List<string> reference, List<string> actual, bool isPage)
    {
        var differences = new List<string>();
        foreach (var link in reference)
        {
            if (!actual.Remove(link))
            {
                differences.Add("- Link value: " + link);
            }
        }

        differences.AddRange(actual
            .Where(link => !isPage || !(link.Contains("rel=preload", StringComparison.OrdinalIgnoreCase)
                || link.Contains("rel=preconnect", StringComparison.OrdinalIgnoreCase)))
            .Select(link => "+ Link value: " + link));
        return differences;
    }

    // The lines of both in order: what is common (the longest common subsequence) left out.
    private static List<string> Diff(IReadOnlyList<string> a, IReadOnlyList<string> b)
    {
        var common = new int[a.Count + 1, b.Count + 1];
        for (var i = a.Count - 1; i >= 0; i--)
        {
            for (var j = b.Count - 1; j >= 0; j--)
            {
                common[i, j] = a[i] == b[j] ? common[i + 1, j + 1] + 1 : Math.Max(common[i + 1, j], common[i, j + 1]);
            }
        }

        var lines = new List<string>();
        for (int i = 0, j = 0; i < a.Count || j < b.Count;)
        {
            if (i < a.Count && j < b.Count && a[i] == b[j])
            {
                (i, j) = (i + 1, j + 1);
            }
            else if (j == b.Count || (i < a.Count && common[i + 1, j] >= common[i, j + 1]))
            {
                lines.Add("- " + a[i++]);
            }
            else
            {
                lines.Add("+ " + b[j++]);
            }
        }

        return lines;
    }

    private static bool IsPage(Transcript transcript) =>
        transcript.Lines.Any(l => Starts(l, "HTTP/") && l.Split(' ')[1] == "200")
        && transcript.Lines.Any(l => Starts(l, "header Content-Type: text/html"));

    private static bool NoLink(string line) => !Starts(line, LinkField);

    private static IEnumerable<string> LinkValues(string line) => NoLink(line) ? [] : LinkValue.Split(line[LinkField.Length..], ',');

    private static bool Starts(string line, string start) => line.StartsWith(start, StringComparison.OrdinalIgnoreCase);
}
