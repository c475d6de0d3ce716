namespace PushProxy.Server.Configuration;

/// <summary>Guesses which known name somebody meant.</summary>
internal static class Spelling
{
    /// <summary>Returns the end of a message: which name was meant. It is empty if no name is near.</summary>
    public static string Suggestion(string key, IEnumerable<string> known) =>
        Nearest(key, known) is { } name ? $"; did you mean {name}?" : "";

    /// <summary>Returns the known name that is nearest; null if none is near.</summary>
    public static string? Nearest(string key, IEnumerable<string> known)
    {
        var nearest = known.Select(k => (Name: k, Distance: Distance(key.ToLowerInvariant(), k.ToLowerInvariant()))).MinBy(k => k.Distance);
        return nearest.Name is not null && nearest.Distance <= Math.Max(2, key.Length / 3) ? nearest.Name : null;
    }

    // Levenshtein.
    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }

        return row[b.Length];
    }
}
