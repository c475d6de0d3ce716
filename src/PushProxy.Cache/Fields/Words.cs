using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Fields;

/// <summary>Reads fields that are lists of words: Vary, Connection, Pragma and the arguments of private and no-cache.</summary>
internal static class Words
{
    /// <summary>Returns the members of all lines, without empty ones.</summary>
    public static IEnumerable<string> Of(StringValues lines)
    {
        foreach (var line in lines)
        {
            foreach (var word in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                yield return word;
            }
        }
    }

    /// <summary>Returns whether a line has the member, whatever its case.</summary>
    public static bool Have(StringValues lines, string member)
    {
        foreach (var line in lines)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                if (text[part].Trim(" \t").Equals(member, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
