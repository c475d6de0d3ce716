using System.Text;

namespace PushProxy.Analysis.Styles;

/// <summary>Custom properties of an element, and behind them those it inherits (CSS Variables 1).</summary>
internal sealed class VariableScope(VariableScope? parent)
{
    private const int MaxNesting = 16;
    private const int MaxLength = 16 * 1024;

    private readonly Dictionary<string, string> _values = [];

    /// <summary>Declares one; a later one replaces an earlier.</summary>
    public void Set(string name, string value) => _values[name] = value;

    /// <summary>
    /// A value with its <c>var()</c> replaced; null where one has no value, which makes the declaration as if it were not there.
    /// </summary>
    public static string? Substitute(string value, VariableScope? scope) => Substitute(value, scope, 0);

    private static string? Substitute(string value, VariableScope? scope, int depth)
    {
        if (depth > MaxNesting)
        {
            return null;
        }

        var result = new StringBuilder();
        var at = 0;
        while (value.IndexOf("var(", at, StringComparison.OrdinalIgnoreCase) is >= 0 and var start)
        {
            var end = Closing(value, start + 3);
            var inner = value[(start + 4)..end];
            var comma = inner.IndexOf(',', StringComparison.Ordinal);
            var name = (comma < 0 ? inner : inner[..comma]).Trim();
            var replaced = (Find(scope, name) is { } found ? Substitute(found, scope, depth + 1) : null)
                ?? (comma < 0 ? null : Substitute(inner[(comma + 1)..], scope, depth + 1));
            if (replaced is null || result.Length + replaced.Length > MaxLength)
            {
                return null;
            }

            result.Append(value, at, start - at).Append(replaced);
            at = Math.Min(end + 1, value.Length);
        }

        return at == 0 ? value : result.Append(value, at, value.Length - at).ToString();
    }

    private static string? Find(VariableScope? scope, string name)
    {
        for (; scope is not null; scope = scope.Parent)
        {
            if (scope._values.TryGetValue(name, out var value))
            {
                return value;
            }
        }

        return null;
    }

    private VariableScope? Parent { get; } = parent;

    // The bracket that closes the one at an index, or the end.
    private static int Closing(string text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            if (depth == 0)
            {
                return i;
            }
        }

        return text.Length;
    }
}
