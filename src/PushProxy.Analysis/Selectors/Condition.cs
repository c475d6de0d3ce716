using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Selectors;

/// <summary>A condition on an element other than its type, id and classes.</summary>
internal abstract record Condition
{
    /// <summary>What it adds to the specificity.</summary>
    public virtual int Specificity => Specificities.Class;

    /// <summary>Whether an element fulfils it.</summary>
    public abstract bool Matches(TreeNode node, AnalysisBudget budget);
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
    public override bool Matches(TreeNode node, AnalysisBudget budget) => false;
}

/// <summary>A pseudo-class that a look at the element answers.</summary>
internal sealed record NodeCondition(Func<TreeNode, bool> Test) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, AnalysisBudget budget) => Test(node);
}

/// <summary><c>:only-of-type</c>.</summary>
internal sealed record OnlyOfTypeCondition : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, AnalysisBudget budget) => node.AmongItsType(budget).Count == 1;
}

/// <summary><c>:lang()</c>: of the element, or the nearest around it that says so.</summary>
/// <param name="Range">The language, or the beginning of its name.</param>
internal sealed record LanguageCondition(string Range) : Condition
{
    /// <inheritdoc/>
    public override bool Matches(TreeNode node, AnalysisBudget budget)
    {
        for (var around = node; around is not null && budget.Spend(AnalysisCost.Selectors); around = around.Parent)
        {
            if (around.Attribute("lang") is { } language)
            {
                return language.StartsWith(Range, StringComparison.OrdinalIgnoreCase)
                    && (language.Length == Range.Length || language[Range.Length] == '-');
            }
        }

        return false;
    }
}

/// <summary><c>:is()</c>, <c>:where()</c>, <c>:not()</c>, and <c>&amp;</c> in nested rules.</summary>
internal sealed record AnyCondition(ImmutableArray<Selector> Selectors, bool IsNegated, bool IsWeightless) : Condition
{
    /// <inheritdoc/>
    public override int Specificity { get; } =
        IsWeightless || Selectors.Length == 0 ? 0 : Selectors.Max(selector => selector.Specificity);

    /// <inheritdoc/>
    public override bool Matches(TreeNode node, AnalysisBudget budget)
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
    public override bool Matches(TreeNode node, AnalysisBudget budget)
    {
        var index = 1;
        if (!OfType)
        {
            index += FromEnd ? (node.Parent?.Children.Count ?? 1) - 1 - node.Index : node.Index;
        }
        else
        {
            var (place, count) = node.AmongItsType(budget);
            index += FromEnd ? count - 1 - place : place;
        }

        var steps = index - Offset;
        return Step == 0 ? steps == 0 : steps % Step == 0 && steps / Step >= 0;
    }
}
