using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary><c>[name]</c>, <c>[name=value]</c> and the other comparisons (Selectors 4 §6).</summary>
/// <param name="Name">The attribute, in lower case.</param>
/// <param name="Operator"><c>=</c>, or the character in front of it; NUL for none.</param>
/// <param name="Value">What it is compared with.</param>
/// <param name="IgnoresCase">Whatever the case of ASCII letters.</param>
internal sealed record AttributeCondition(string Name, char Operator, string Value, bool IgnoresCase) : Condition
{
    // How many characters are compared in one step, as a power of two; words are compared one by one.
    private const int CharactersAStep = 5;
    private const int WordsAStep = 1;

    /// <inheritdoc/>
    public override bool Matches(TreeNode node, AnalysisBudget budget)
    {
        if (node.Attribute(Name) is not { } actual)
        {
            return false;
        }

        // What is compared is as long as the page likes.
        if (!budget.Spend(AnalysisCost.Selectors, (actual.Length + Value.Length) >> (Operator == '~' ? WordsAStep : CharactersAStep)))
        {
            return false;
        }

        var comparison = IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Operator switch
        {
            '\0' => true,
            '=' => actual.Equals(Value, comparison),
            '~' => Value.Length > 0 && HasWord(actual, comparison),
            '|' => actual.StartsWith(Value, comparison) && (actual.Length == Value.Length || actual[Value.Length] == '-'),
            '^' => Value.Length > 0 && actual.StartsWith(Value, comparison),
            '$' => Value.Length > 0 && actual.EndsWith(Value, comparison),
            _ => Value.Length > 0 && actual.Contains(Value, comparison),
        };
    }

    private bool HasWord(ReadOnlySpan<char> actual, StringComparison comparison)
    {
        foreach (var word in actual.SplitAny(" \t\n\f\r"))
        {
            if (actual[word].Equals(Value, comparison))
            {
                return true;
            }
        }

        return false;
    }
}
