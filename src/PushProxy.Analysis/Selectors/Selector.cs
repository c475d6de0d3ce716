using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>How two compounds of a selector are related.</summary>
internal enum Combinator
{
    /// <summary>White space.</summary>
    Descendant,

    /// <summary><c>&gt;</c>.</summary>
    Child,

    /// <summary><c>+</c>.</summary>
    Next,

    /// <summary><c>~</c>.</summary>
    Later,
}

/// <summary>Which part of an element a selector is about.</summary>
internal enum PseudoElement
{
    /// <summary>The element itself.</summary>
    None,

    /// <summary><c>::before</c>.</summary>
    Before,

    /// <summary><c>::after</c>.</summary>
    After,

    /// <summary>One that decides nothing here.</summary>
    Other,
}

/// <summary>A complex selector (Selectors 4 §4).</summary>
/// <param name="Compounds">Its compounds, the subject first.</param>
/// <param name="Combinators">What stands in front of each compound but the last one here; one less than there are compounds.</param>
/// <param name="Pseudo">The part of the element it is about.</param>
/// <param name="Specificity">Ids, then classes and the like, then types, ten bits each.</param>
internal sealed record Selector(
    ImmutableArray<Compound> Compounds, ImmutableArray<Combinator> Combinators, PseudoElement Pseudo, int Specificity)
{
    /// <summary>The compound an element must match itself.</summary>
    public Compound Subject => Compounds[0];

    /// <summary>Whether an element matches.</summary>
    public bool Matches(TreeNode node, AnalysisBudget budget) => Subject.Matches(node, budget) && Rest(node, 0, budget);

    private bool Rest(TreeNode node, int at, AnalysisBudget budget)
    {
        if (at == Combinators.Length)
        {
            return true;
        }

        var compound = Compounds[at + 1];
        switch (Combinators[at])
        {
            case Combinator.Child:
                return node.Parent is { } parent && compound.Matches(parent, budget) && Rest(parent, at + 1, budget);
            case Combinator.Next:
                return node.Previous is { } previous && compound.Matches(previous, budget) && Rest(previous, at + 1, budget);
            case Combinator.Later:
                for (var other = node.Previous; other is not null && budget.Spend(AnalysisCost.Selectors); other = other.Previous)
                {
                    if (compound.Matches(other, budget) && Rest(other, at + 1, budget))
                    {
                        return true;
                    }
                }

                return false;
            default:
                for (var other = node.Parent; other is not null && budget.Spend(AnalysisCost.Selectors); other = other.Parent)
                {
                    if (compound.Matches(other, budget) && Rest(other, at + 1, budget))
                    {
                        return true;
                    }
                }

                return false;
        }
    }
}
