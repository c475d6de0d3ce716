using Microsoft.Extensions.Primitives;

namespace PushProxy.Delivery;

/// <summary>Reads which URLs the origin's own Link fields preload (RFC 8288 §3).</summary>
internal static class OriginLinks
{
    /// <returns>The absolute URLs; null if the fields preload none. A link that cannot be read is ignored.</returns>
    public static IReadOnlySet<string>? Preloaded(StringValues fields, Uri page)
    {
        HashSet<string>? found = null;
        foreach (var field in fields)
        {
            foreach (var (target, parameters) in Parse(field ?? ""))
            {
                if (IsPreload(parameters) && Uri.TryCreate(page, target, out var url))
                {
                    (found ??= new HashSet<string>(StringComparer.Ordinal)).Add(url.GetLeftPart(UriPartial.Query));
                }
            }
        }

        return found;
    }

    /// <summary>Splits the field at commas, except for commas in <c>&lt;…&gt;</c> or quotes.</summary>
    internal static IEnumerable<(string Target, List<(string Name, string Value)> Parameters)> Parse(string field)
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

            yield return (target, parameters);
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

        var value = new System.Text.StringBuilder();
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

    private static bool IsPreload(List<(string Name, string Value)> parameters)
    {
        // Only the first rel counts (RFC 8288 §3.3).
        var rel = parameters.Find(p => p.Name == "rel").Value ?? "";
        return rel.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Any(r => r.Equals("preload", StringComparison.OrdinalIgnoreCase)
                || r.Equals("modulepreload", StringComparison.OrdinalIgnoreCase));
    }
}
