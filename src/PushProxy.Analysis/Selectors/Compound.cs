using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>Conditions on one element (Selectors 4 §4, "compound selector").</summary>
/// <param name="Tag">The local name; null for any.</param>
/// <param name="Id">The id; null for any.</param>
/// <param name="Classes">Classes it must have.</param>
/// <param name="Conditions">What else it must fulfil.</param>
internal sealed record Compound(string? Tag, string? Id, ImmutableArray<string> Classes, ImmutableArray<Condition> Conditions)
{
    /// <summary>Whether an element fulfils them.</summary>
    public bool Matches(TreeNode node, AnalysisBudget budget)
    {
        if (!budget.Spend(AnalysisCost.Selectors) || (Tag is not null && Tag != node.Tag) || (Id is not null && Id != node.Id))
        {
            return false;
        }

        foreach (var name in Classes)
        {
            if (!node.HasClass(name))
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
