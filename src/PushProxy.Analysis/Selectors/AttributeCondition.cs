using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary><c>[name]</c>, <c>[name=value]</c> and the other comparisons (Selectors 4 §6).</summary>
/// <param name="Name">The attribute, in lower case.</param>
/// <param name="Operator"><c>=</c>, or the character in front of it; NUL for none.</param>
/// <param name="Value">What it is compared with.</param>
/// <param name="IgnoresCase">Whatever the case of ASCII letters.</param>
internal sealed record AttributeCondition(string Name, char Operator, string Value, bool IgnoresCase) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, MatchBudget budget)
    {
        if (node.Attribute(Name) is not { } actual)
        {
            return false;
        }

        var comparison = IgnoresCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        return Operator switch
        {
            '\0' => true,
            '=' => actual.Equals(Value, comparison),
            '~' => Value.Length > 0 && actual.Split([' ', '\t', '\n', '\f', '\r']).Any(word => word.Equals(Value, comparison)),
            '|' => actual.StartsWith(Value, comparison) && (actual.Length == Value.Length || actual[Value.Length] == '-'),
            '^' => Value.Length > 0 && actual.StartsWith(Value, comparison),
            '$' => Value.Length > 0 && actual.EndsWith(Value, comparison),
            _ => Value.Length > 0 && actual.Contains(Value, comparison),
        };
    }
}
