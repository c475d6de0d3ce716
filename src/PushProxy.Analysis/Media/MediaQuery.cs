namespace PushProxy.Analysis.Media;

/// <summary>What can be said of a media query without knowing the screen.</summary>
internal enum MediaResult
{
    /// <summary>No screen matches, or it is malformed, which means the same (Media Queries 4, §3.2).</summary>
    Never,

    /// <summary>Every screen matches.</summary>
    Always,

    /// <summary>It depends on the screen.</summary>
    Depends,
}

/// <summary>One media query.</summary>
/// <param name="Result">What can be said of it.</param>
/// <param name="Text">It, in normal form.</param>
internal readonly record struct MediaQuery(MediaResult Result, string Text)
{
    /// <summary>Reads one query of a list.</summary>
    public static MediaQuery Parse(string query)
    {
        var text = MediaText.Normalise(query);
        return new(text.All(IsPlain) ? Evaluate(text) : MediaResult.Never, text);
    }

    private static MediaResult Evaluate(string text)
    {
        if (text.StartsWith('(') || text.StartsWith("not (", StringComparison.Ordinal))
        {
            return ConditionOf(text);
        }

        var words = text.Split(' ', 3);
        var prefixed = words[0] is "not" or "only" && words.Length > 1;
        var type = prefixed ? words[1] : words[0];
        var rest = text[(prefixed ? words[0].Length + 1 + type.Length : type.Length)..].TrimStart();
        var condition = rest.Length == 0 ? MediaResult.Always
            : rest.StartsWith("and ", StringComparison.Ordinal) ? ConditionOf(rest[4..])
            : MediaResult.Never;

        // A type that is not a name makes the query malformed, and "not" does not turn that round.
        if (type.Length == 0 || !type.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_') || type is "and" or "or" or "not" or "only"
            || (rest.Length > 0 && !rest.StartsWith("and ", StringComparison.Ordinal)))
        {
            return MediaResult.Never;
        }

        var matches = type is "all" or "screen" ? condition : MediaResult.Never;
        return words[0] != "not" || !prefixed ? matches
            : matches == MediaResult.Never ? MediaResult.Always
            : matches == MediaResult.Always ? MediaResult.Never
            : MediaResult.Depends;
    }

    private static MediaResult ConditionOf(string text)
    {
        var depth = 0;
        foreach (var c in text)
        {
            depth += c == '(' ? 1 : c == ')' ? -1 : 0;
            if (depth < 0)
            {
                return MediaResult.Never;
            }
        }

        return depth == 0 && text.Contains('(', StringComparison.Ordinal) ? MediaResult.Depends : MediaResult.Never;
    }

    private static bool IsPlain(char c) => c is >= ' ' and < '\x7f' and not ('"' or '\'' or '\\' or ';' or '{' or '}' or '[' or ']');
}
