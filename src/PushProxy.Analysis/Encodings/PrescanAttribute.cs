namespace PushProxy.Analysis.Encodings;

/// <summary>An attribute as the encoding prescan reads it (HTML §13.2.3.2, "get an attribute"): name in lower case.</summary>
internal sealed record PrescanAttribute(string Name, string Value)
{
    /// <summary>The next attribute of a tag; null at its end or the text's, with <paramref name="at"/> behind it.</summary>
    public static PrescanAttribute? Next(string text, ref int at)
    {
        at = Skip(text, at, " \t\n\f\r/");
        if (at >= text.Length || text[at] == '>')
        {
            return null;
        }

        // An equals sign can begin a name, but not go on with it.
        var start = at++;
        while (at < text.Length && !" \t\n\f\r/>=".Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        var name = text[start..at].ToLowerInvariant();
        var equals = Skip(text, at, " \t\n\f\r");
        if (equals >= text.Length || text[equals] != '=')
        {
            return new(name, "");
        }

        at = Skip(text, equals + 1, " \t\n\f\r");
        if (at < text.Length && text[at] is '"' or '\'')
        {
            var end = text.IndexOf(text[at], at + 1);
            if (end < 0)
            {
                at = text.Length;
                return null;
            }

            var quoted = text[(at + 1)..end];
            at = end + 1;
            return new(name, quoted);
        }

        start = at;
        while (at < text.Length && !" \t\n\f\r>".Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return new(name, text[start..at]);
    }

    private static int Skip(string text, int at, string what)
    {
        while (at < text.Length && what.Contains(text[at], StringComparison.Ordinal))
        {
            at++;
        }

        return at;
    }
}
