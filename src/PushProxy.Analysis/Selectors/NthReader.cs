using System.Globalization;

namespace PushProxy.Analysis.Selectors;

/// <summary>Reads <c>an+b</c> (CSS Syntax 3 §6). A condition with "of" is not supported.</summary>
internal static class NthReader
{
    /// <summary>The condition; null when it is not valid.</summary>
    public static Condition? Read(string argument, bool fromEnd, bool ofType)
    {
        var text = argument.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant();
        if (argument.Contains(" of ", StringComparison.OrdinalIgnoreCase))
        {
            return new NeverCondition();
        }

        switch (text)
        {
            case "odd":
                return new NthCondition(2, 1, fromEnd, ofType);
            case "even":
                return new NthCondition(2, 0, fromEnd, ofType);
        }

        var n = text.IndexOf('n', StringComparison.Ordinal);
        if (n < 0)
        {
            return Number(text) is { } only ? new NthCondition(0, only, fromEnd, ofType) : null;
        }

        var step = text[..n] switch { "" or "+" => 1, "-" => -1, { } digits => Number(digits) };
        var offset = n + 1 == text.Length ? 0 : Number(text[(n + 1)..]);
        return step is { } a && offset is { } b ? new NthCondition(a, b, fromEnd, ofType) : null;
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
}
