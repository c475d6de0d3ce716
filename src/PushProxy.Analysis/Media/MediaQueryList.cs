namespace PushProxy.Analysis.Media;

/// <summary>
/// A <c>media</c> attribute as far as it can be decided without knowing the client: it matches every screen, none, or those
/// that fulfil a condition (Media Queries 4, as Chromium has it).
/// </summary>
/// <param name="NeverMatches">No screen matches.</param>
/// <param name="Condition">What a screen must fulfil, in printable ASCII without quotes; null when every one matches, or none.</param>
internal readonly record struct MediaQueryList(bool NeverMatches, string? Condition)
{
    private static readonly MediaQueryList Always = new(false, null);
    private static readonly MediaQueryList Never = new(true, null);

    /// <summary>Reads the attribute; null and empty match always. One longer than any real one matches never.</summary>
    /// <param name="attribute">The media query list.</param>
    /// <param name="client">The screen, which decides all that depends on it; null where it is not known.</param>
    public static MediaQueryList Parse(string? attribute, ClientProfile? client = null)
    {
        if (string.IsNullOrEmpty(attribute))
        {
            return Always;
        }

        if (attribute.Length > MediaText.MaxLength)
        {
            return Never;
        }

        var text = MediaText.Normalise(attribute);
        if (text.Length == 0)
        {
            return Always;
        }

        var conditions = new List<string>();
        foreach (var query in MediaText.SplitAtCommas(text))
        {
            switch (MediaQuery.Evaluate(query, client, out var normal))
            {
                case MediaResult.Always:
                    return Always;
                case MediaResult.Depends:
                    conditions.Add(normal);
                    break;
            }
        }

        return conditions.Count == 0 ? Never : new(false, string.Join(", ", conditions));
    }

    /// <summary>The condition under which one of two is needed; null means always, and also that the condition would be too long.</summary>
    public static string? Either(string? one, string? other)
    {
        if (one is null || other is null || one == other)
        {
            return one is null ? null : other;
        }

        var both = $"{one}, {other}";
        return both.Length > MediaText.MaxLength ? null : both;
    }
}
