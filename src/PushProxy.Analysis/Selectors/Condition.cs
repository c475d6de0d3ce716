using System.Collections.Immutable;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>A condition on an element other than its type, id and classes.</summary>
internal abstract record Condition
{
    /// <summary>What it adds to the specificity.</summary>
    public virtual int Specificity => Specificities.Class;

    /// <summary>Whether an element fulfils it.</summary>
    public abstract bool Matches(TreeNode node, MatchBudget budget);
}

/// <summary>The weights of the three kinds of conditions (Selectors 4 §15), of which no more than 1,000 count.</summary>
internal static class Specificities
{
    /// <summary>An id.</summary>
    public const int Id = 1 << 20;

    /// <summary>A class, an attribute, a pseudo-class.</summary>
    public const int Class = 1 << 10;

    /// <summary>A type, a pseudo-element.</summary>
    public const int Type = 1;
}

/// <summary>
/// A pseudo-class that nothing fulfils when a page is first displayed, such as <c>:hover</c>, or that the page alone does not decide.
/// </summary>
internal sealed record NeverCondition : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, MatchBudget budget) => false;
}

/// <summary>A pseudo-class that a look at the element answers.</summary>
internal sealed record NodeCondition(Func<TreeNode, bool> Test) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, MatchBudget budget) => Test(node);
}

/// <summary><c>:is()</c>, <c>:where()</c>, <c>:not()</c>, and <c>&amp;</c> in nested rules.</summary>
internal sealed record AnyCondition(ImmutableArray<Selector> Selectors, bool IsNegated, bool IsWeightless) : Condition
{
    /// <inheritdoc/>
    public override int Specificity => IsWeightless || Selectors.Length == 0 ? 0 : Selectors.Max(selector => selector.Specificity);

    /// <inheritdoc/>
    public override bool Matches(TreeNode node, MatchBudget budget)
    {
        foreach (var selector in Selectors)
        {
            if (selector.Pseudo == PseudoElement.None && selector.Matches(node, budget))
            {
                return !IsNegated;
            }
        }

        return IsNegated;
    }
}

/// <summary><c>:nth-child(an+b)</c> and its kin.</summary>
internal sealed record NthCondition(int Step, int Offset, bool FromEnd, bool OfType) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, MatchBudget budget)
    {
        var index = 1;
        if (!OfType)
        {
            index += FromEnd ? (node.Parent?.Children.Count ?? 1) - 1 - node.Index : node.Index;
        }
        else
        {
            for (var other = Neighbour(node); other is not null && budget.Spend(); other = Neighbour(other))
            {
                index += other.Tag == node.Tag ? 1 : 0;
            }
        }

        var steps = index - Offset;
        return Step == 0 ? steps == 0 : steps % Step == 0 && steps / Step >= 0;
    }

    private TreeNode? Neighbour(TreeNode node) => FromEnd ? node.Next : node.Previous;
}
