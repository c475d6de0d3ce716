using System.Collections.Immutable;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>Conditions on one element (Selectors 4 §4, "compound selector").</summary>
internal sealed record Compound
{
    /// <summary>The local name; null for any.</summary>
    public string? Tag { get; init; }

    /// <summary>The id; null for any.</summary>
    public string? Id { get; init; }

    /// <summary>Classes it must have.</summary>
    public ImmutableArray<string> Classes { get; init; } = [];

    /// <summary>What else it must fulfil.</summary>
    public ImmutableArray<Condition> Conditions { get; init; } = [];

    /// <summary>Whether an element fulfils them.</summary>
    public bool Matches(TreeNode node, MatchBudget budget)
    {
        if (!budget.Spend() || (Tag is not null && Tag != node.Tag) || (Id is not null && Id != node.Id))
        {
            return false;
        }

        foreach (var name in Classes)
        {
            if (!node.Classes.AsSpan().Contains(name))
            {
                return false;
            }
        }

        foreach (var condition in Conditions)
        {
            if (!condition.Matches(node, budget))
            {
                return false;
            }
        }

        return true;
    }
}
