namespace PushProxy.Analysis.Media;

/// <summary>
/// A <c>media</c> attribute as far as it can be decided without knowing the client: it matches every screen, none, or those
/// that fulfil a condition (Media Queries 4).
/// </summary>
/// <param name="NeverMatches">No screen matches.</param>
/// <param name="Condition">What a screen must fulfil, in printable ASCII without quotes; null when every one matches, or none.</param>
internal readonly record struct MediaQueryList(bool NeverMatches, string? Condition)
{
    /// <summary>Reads the attribute; null and empty match always.</summary>
    public static MediaQueryList Parse(string? attribute)
    {
        if (string.IsNullOrWhiteSpace(attribute))
        {
            return new(false, null);
        }

        var conditions = new List<string>();
        foreach (var text in MediaText.SplitAtCommas(MediaText.WithoutComments(attribute)))
        {
            var query = MediaQuery.Parse(text);
            if (query.Result == MediaResult.Always)
            {
                return new(false, null);
            }

            if (query.Result == MediaResult.Depends)
            {
                conditions.Add(query.Text);
            }
        }

        return conditions.Count == 0 ? new(true, null) : new(false, string.Join(", ", conditions));
    }

    /// <summary>The condition under which one of two is needed; null is always.</summary>
    public static string? Either(string? one, string? other) =>
        one is null || other is null ? null : one == other ? one : $"{one}, {other}";
}
