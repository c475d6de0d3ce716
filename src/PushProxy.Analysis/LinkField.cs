using System.Text;

namespace PushProxy.Analysis;

/// <summary>One link of a <c>Link</c> field (RFC 8288 §3).</summary>
/// <param name="Target">The URL as the field has it: absolute, or relative to the URL of the response.</param>
/// <param name="Parameters">Names in lower case, and values without quotes, in order.</param>
public sealed record LinkField(string Target, IReadOnlyList<(string Name, string Value)> Parameters)
{
    /// <summary>Returns the first value of a parameter, which is the one that counts (RFC 8288 §3.3); null if there is none.</summary>
    /// <param name="name">The name, in lower case.</param>
    public string? this[string name] => Parameters.FirstOrDefault(p => p.Name == name).Value;

    /// <summary>Whether it says that the page needs its target soon (HTML §4.6.8.18 and §4.6.8.12). Links of other pages do not.</summary>
    public bool IsPreload => this["anchor"] is null && (this["rel"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
        .Any(static r => r.Equals("preload", StringComparison.OrdinalIgnoreCase)
            || r.Equals("modulepreload", StringComparison.OrdinalIgnoreCase));

    /// <summary>Splits a field at commas, except for commas in <c>&lt;…&gt;</c> or quotes. What is no link is left out.</summary>
    public static IEnumerable<LinkField> Parse(string field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return Links(field);
    }

    private static IEnumerable<LinkField> Links(string field)
    {
        var at = 0;
        while ((at = field.IndexOf('<', at)) >= 0)
        {
            var end = field.IndexOf('>', at);
            if (end < 0)
            {
                yield break;
            }

            var target = field[(at + 1)..end].Trim();
            var parameters = new List<(string, string)>();
            at = end + 1;
            while (at < field.Length && field[at] != ',')
            {
                at = Parameter(field, at, parameters);
            }

            yield return new(target, parameters);
        }
    }

    /// <summary>Reads one parameter: from the semicolon before it to the next semicolon, comma or end.</summary>
    private static int Parameter(string field, int at, List<(string, string)> parameters)
    {
        while (at < field.Length && (field[at] == ';' || char.IsWhiteSpace(field[at])))
        {
            at++;
        }

        var start = at;
        while (at < field.Length && field[at] is not (';' or ',' or '='))
        {
            at++;
        }

        var name = field[start..at].Trim().ToLowerInvariant();
        var value = "";
        if (at < field.Length && field[at] == '=')
        {
            (value, at) = Value(field, at + 1);
        }

        if (name.Length > 0)
        {
            parameters.Add((name, value));
        }

        return at;
    }

    private static (string Value, int Next) Value(string field, int at)
    {
        while (at < field.Length && char.IsWhiteSpace(field[at]))
        {
            at++;
        }

        var value = new StringBuilder();
        var quoted = at < field.Length && field[at] == '"';
        if (quoted)
        {
            for (at++; at < field.Length && field[at] != '"'; at++)
            {
                at += field[at] == '\\' && at + 1 < field.Length ? 1 : 0;
                value.Append(field[at]);
            }

            at++;
        }

        // After a closing quote, everything up to the next separator is ignored.
        while (at < field.Length && field[at] is not (';' or ','))
        {
            value.Append(quoted ? "" : field[at].ToString());
            at++;
        }

        return (value.ToString().Trim(), Math.Min(at, field.Length));
    }
}
