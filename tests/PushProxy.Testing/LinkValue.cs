namespace PushProxy.Testing;

/// <summary>One value of a Link field (RFC 8288 §3).</summary>
/// <param name="Target">What stands between the angle brackets.</param>
/// <param name="Parameters">By name in lower case; without their quotes.</param>
public sealed record LinkValue(string Target, IReadOnlyDictionary<string, string> Parameters)
{
    /// <summary>Whether it is a preload.</summary>
    public bool IsPreload => Parameters.GetValueOrDefault("rel") == "preload";

    /// <summary>A preload's <c>as</c>.</summary>
    public string? As => Parameters.GetValueOrDefault("as");

    /// <summary>The values of one field.</summary>
    public static IEnumerable<LinkValue> Parse(string field) => Split(field, ',').Select(Value);

    /// <summary>Parts between separators, which count for nothing within angle brackets and quotes.</summary>
    public static IEnumerable<string> Split(string text, char separator)
    {
        var start = 0;
        char? within = null;
        for (var i = 0; i < text.Length; i++)
        {
            within = (within, text[i]) switch
            {
                (null, '<') => '>',
                (null, '"') => '"',
                ({ } end, var c) when c == end => null,
                _ => within,
            };
            if (within is null && text[i] == separator)
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }

    /// <inheritdoc/>
    public override string ToString() => $"<{Target}>; {string.Join("; ", Parameters.Select(p => $"{p.Key}={p.Value}"))}";

    private static LinkValue Value(string text)
    {
        var parts = Split(text, ';').ToArray();
        var parameters = parts.Skip(1).Select(p => p.Split('=', 2)).ToDictionary(
            p => p[0].Trim().ToLowerInvariant(),
            p => p.Length > 1 ? p[1].Trim().Trim('"') : "");
        return new LinkValue(parts[0].Trim('<', '>'), parameters);
    }
}
