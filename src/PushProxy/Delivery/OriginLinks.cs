using Microsoft.Extensions.Primitives;

namespace PushProxy.Delivery;

/// <summary>Reads which URLs the origin's own Link fields preload already (RFC 8288 §3).</summary>
internal static class OriginLinks
{
    /// <returns>Absolute URLs; null when there is none. What can't be read names nothing, and stays as it is.</returns>
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

    /// <summary>Splits at commas, but not within <c>&lt;…&gt;</c> or quotes.</summary>
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

    /// <summary>Reads one parameter, from the semicolon before it to the semicolon, comma or end behind it.</summary>
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

        // Behind a closing quote nothing counts up to the next separator.
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
