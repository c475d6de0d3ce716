using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Cache.Encodings;

/// <summary>Which content codings a request accepts, and how much it wants each (RFC 9110 §12.5.3).</summary>
internal static class AcceptedCodings
{
    /// <summary>
    /// Returns what a request wants most, and of several that it wants alike the first; null if it wants the body as it is.
    /// </summary>
    /// <param name="request">The request's fields.</param>
    /// <param name="choices">What there is, those first that are preferred.</param>
    /// <param name="codingOf">Returns the name of a choice's coding.</param>
    public static T? Choose<T>(IHeaderDictionary request, T[] choices, Func<T, string> codingOf)
        where T : class
    {
        if (request.AcceptEncoding.Count == 0)
        {
            return null;
        }

        var (chosen, most) = (default(T), Math.Max(1, WeightOf(request, "identity")));
        foreach (var choice in choices)
        {
            var weight = WeightOf(request, codingOf(choice));
            if (weight > most || (weight == most && chosen is null))
            {
                (chosen, most) = (choice, weight);
            }
        }

        return chosen;
    }

    /// <summary>Returns how much a request wants a coding, from 0 (not at all) to 1000.</summary>
    public static int WeightOf(IHeaderDictionary request, string coding)
    {
        var others = coding == "identity" ? 1 : 0;
        foreach (var line in request.AcceptEncoding)
        {
            // Asked several times for each answer, so nothing is allocated.
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                var word = text[part].Trim();
                var end = word.IndexOf(';');
                var name = end < 0 ? word : word[..end].TrimEnd();
                if (name.Equals(coding, StringComparison.OrdinalIgnoreCase)
                    || (coding == "gzip" && name.Equals("x-gzip", StringComparison.OrdinalIgnoreCase)))
                {
                    return end < 0 ? 1000 : WeightIn(word[(end + 1)..]);
                }

                if (name is "*")
                {
                    others = end < 0 ? 1000 : WeightIn(word[(end + 1)..]);
                }
            }
        }

        return others;
    }

    // qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] ). What can't be read is not wanted.
    private static int WeightIn(ReadOnlySpan<char> parameters)
    {
        var text = parameters.Trim(" \t");
        if (!text.StartsWith("q", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        text = text[1..].TrimStart(" \t");
        var isRead = text.StartsWith("=")
            & double.TryParse(text.TrimStart('=').Trim(" \t"), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q);
        return isRead && q is >= 0 and <= 1 ? (int)(q * 1000) : 0;
    }
}
