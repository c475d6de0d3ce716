using System.Text;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;

namespace PushProxy.Analysis.Styles;

/// <summary>
/// Custom properties of elements, and behind them those they inherit (CSS Variables 1). Elements to which the same rules apply share one,
/// and what is worked out for one of them is known for all.
/// </summary>
/// <param name="parent">What they inherit; null for nothing.</param>
/// <param name="sets">What is declared, in the order of the cascade: a later set replaces an earlier.</param>
/// <param name="budget">What the work may cost.</param>
internal sealed class VariableScope(VariableScope? parent, IReadOnlyDictionary<string, string>[] sets, AnalysisBudget budget)
{
    private const int MaxNesting = 64;
    private const int MaxLength = 16 * 1024;

    // What one name and one remembered value take besides their text, in bytes.
    private const int BytesPerEntry = 80;
    private const int BytesPerValue = 100;

    // How many characters are read for one step.
    private const int CharactersAStep = 8;

    private readonly Dictionary<string, string?> _values = [];
    private readonly Dictionary<Declaration, Declaration?> _declarations = new(ReferenceEqualityComparer.Instance);

    /// <summary>What is declared, in the order of the cascade.</summary>
    public IReadOnlyDictionary<string, string>[] Sets => sets;

    /// <summary>Those that inherit this one, by what they declare.</summary>
    public Dictionary<VariableSets, VariableScope> Inheritors { get; } = [];

    /// <summary>
    /// A declaration with its <c>var()</c> replaced; null where one has no value, which makes the declaration as if it were not there.
    /// </summary>
    public Declaration? Substitute(Declaration declaration)
    {
        if (_declarations.TryGetValue(declaration, out var known))
        {
            return known;
        }

        if (!budget.Keep(AnalysisCost.Variables, BytesPerEntry))
        {
            return null;
        }

        var value = Substitute(declaration.Value, 0);
        var result = value is null || !Remember(value) ? null : new Declaration(declaration.Property, null, value, declaration.IsImportant);
        return _declarations[declaration] = result;
    }

    private string? ValueOf(string name, int depth)
    {
        if (_values.TryGetValue(name, out var known))
        {
            return known;
        }

        if (!budget.Keep(AnalysisCost.Variables, BytesPerEntry + (sizeof(char) * name.Length)))
        {
            return null;
        }

        // What needs itself has no value (CSS Variables 1 §2.3).
        _values[name] = null;
        return Find(name) is { } written && Substitute(written, depth + 1) is { } value && Remember(value) ? _values[name] = value : null;
    }

    private string? Substitute(string value, int depth)
    {
        if (depth > MaxNesting || !budget.Spend(AnalysisCost.Variables, 1 + (value.Length / CharactersAStep)))
        {
            return null;
        }

        StringBuilder? result = null;
        var at = 0;
        while (value.IndexOf("var(", at, StringComparison.OrdinalIgnoreCase) is >= 0 and var start)
        {
            var end = Closing(value, start + 3);
            var inner = value[(start + 4)..end];
            var comma = inner.IndexOf(',', StringComparison.Ordinal);
            var replaced = ValueOf((comma < 0 ? inner : inner[..comma]).Trim(), depth)
                ?? (comma < 0 ? null : Substitute(inner[(comma + 1)..], depth + 1));
            if (replaced is null || (result ??= new()).Length + replaced.Length > MaxLength
                || !budget.Spend(AnalysisCost.Variables, 1 + (replaced.Length / CharactersAStep)))
            {
                return null;
            }

            result.Append(value, at, start - at).Append(replaced);
            at = Math.Min(end + 1, value.Length);
        }

        return result is null ? value : result.Append(value, at, value.Length - at).ToString();
    }

    private bool Remember(string value) => budget.Keep(AnalysisCost.Variables, BytesPerValue + (sizeof(char) * value.Length));

    private string? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Parent)
        {
            for (var i = scope.Sets.Length - 1; i >= 0; i--)
            {
                if (!budget.Spend(AnalysisCost.Variables, 1 + (name.Length / CharactersAStep)))
                {
                    return null;
                }

                if (scope.Sets[i].TryGetValue(name, out var value))
                {
                    return value;
                }
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
