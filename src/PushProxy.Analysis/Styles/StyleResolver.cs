using System.Collections.Immutable;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>Works out the styles of a document's elements for one client: the cascade (CSS Cascade 5 §6).</summary>
internal sealed class StyleResolver
{
    // What the styles of an element cost before any rule of the page: in steps, and in bytes each of the element and its parts.
    private const int StepsPerElement = 60;
    private const int BytesPerStyle = 400;

    // A rule is looked at for the element and for its parts, and for what is important and what is not.
    private const int StepsPerMatch = 2;

    private readonly ChargedList<RuleMatch> _matches;
    private readonly RuleMatches _rules;
    private readonly StyleApplier _applier;
    private readonly AnalysisBudget _budget;
    private readonly VariableScopes _scopes;
    private readonly int _screen;

    /// <summary>Prepares for one screen.</summary>
    /// <param name="rules">The rules that match the document's elements.</param>
    /// <param name="screen">Which of the screens they were matched for.</param>
    /// <param name="client">That screen.</param>
    /// <param name="budget">How much work it may be.</param>
    public StyleResolver(RuleMatches rules, int screen, ClientProfile client, AnalysisBudget budget)
    {
        (_rules, _screen, _budget) = (rules, 1 << screen, budget);
        _applier = new(client, budget);
        (_scopes, _matches) = (new(budget), new(budget, AnalysisCost.Styles));
    }

    /// <summary>What lengths of an element with such a style are relative to.</summary>
    public LengthContext ContextOf(ComputedStyle style) => _applier.ContextOf(style);

    /// <summary>
    /// The styles of all elements, by <see cref="TreeNode.Order"/>; null for one in an element that is not displayed, and for those that
    /// the budget did not reach.
    /// </summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ElementStyle?[] Resolve(DocumentTree tree)
    {
        var styles = new ElementStyle?[tree.Nodes.Count];
        foreach (var node in tree.Nodes)
        {
            var parent = node.Parent is { } around ? styles[around.Order] : null;
            if (node.Parent is not null && parent is null or { Own.Display: Display.None })
            {
                continue;
            }

            if (!_budget.Spend(AnalysisCost.Styles, StepsPerElement) || !_budget.Keep(AnalysisCost.Styles, BytesPerStyle))
            {
                break;
            }

            var own = StyleOf(node, parent?.Own ?? ComputedStyle.Initial);
            if (_budget.IsSpent)
            {
                // Some of the rules for it may not have been looked at.
                break;
            }

            styles[node.Order] = own;
            if (node.Parent is null)
            {
                _applier.RootSize = own.Own.FontSize;
            }
        }

        return styles;
    }

    private ElementStyle StyleOf(TreeNode node, ComputedStyle parent)
    {
        Collect(node);
        var style = Cascade(node, parent, PseudoElement.None);
        style.IsTransparent |= !style.IsVisible && node.Children.Count == 0;
        return new(style, Part(node, style, PseudoElement.Before), Part(node, style, PseudoElement.After));
    }

    // A pseudo-element is there when it has content.
    private ComputedStyle? Part(TreeNode node, ComputedStyle style, PseudoElement pseudo)
    {
        foreach (ref readonly var match in _matches.Span)
        {
            if (match.Pseudo == pseudo)
            {
                return _budget.Keep(AnalysisCost.Styles, BytesPerStyle)
                    && Cascade(node, style, pseudo) is { Content: { } content } part && content is not ("none" or "normal") ? part : null;
            }
        }

        return null;
    }

    // The matches are in the order of the cascade.
    private ComputedStyle Cascade(TreeNode node, ComputedStyle parent, PseudoElement pseudo)
    {
        var style = parent.Inherit();
        var inline = ImmutableArray<Declaration>.Empty;
        if (pseudo == PseudoElement.None)
        {
            BrowserStyles.Apply(node, style, parent, _applier, _budget);
            PresentationalHints.Apply(node, style);
            inline = node.Attribute("style") is { Length: > 0 } text ? StylesheetParser.ParseAttribute(text, _budget) : inline;
        }

        // Variables first, and the font's size before what is relative to it.
        Variables(style, parent, inline, pseudo);
        var isImportant = false;
        do
        {
            foreach (ref readonly var match in _matches.Span)
            {
                if (match.Pseudo == pseudo)
                {
                    Apply(match.Rule.Declarations, style, parent, match.Sheet, isImportant);
                }
            }

            Apply(inline, style, parent, null, isImportant);
            isImportant = !isImportant;
        }
        while (isImportant);
        if (pseudo == PseudoElement.None)
        {
            Sliders.Apply(node, style);
        }

        return style;
    }

    private void Apply(
        ImmutableArray<Declaration> declarations, ComputedStyle style, ComputedStyle parent, AppliedSheet? sheet, bool isImportant)
    {
        foreach (var declaration in declarations)
        {
            if (declaration.IsImportant == isImportant && declaration.Property != CssProperty.Custom)
            {
                _applier.Apply(style, parent, declaration, sheet);
            }
        }
    }

    private void Variables(ComputedStyle style, ComputedStyle parent, ImmutableArray<Declaration> inline, PseudoElement pseudo)
    {
        _scopes.Begin();
        foreach (ref readonly var match in _matches.Span)
        {
            if (match.Pseudo == pseudo && match.Rule.DeclaresVariables)
            {
                _scopes.Declare(match.Rule.Variables);
            }
        }

        if (inline.Any(static declaration => declaration.CustomName is not null))
        {
            _scopes.Declare(StyleRule.VariablesOf(inline));
        }

        style.Variables = _scopes.End(parent.Variables ?? _scopes.Root);
    }

    private void Collect(TreeNode node)
    {
        _matches.Clear();
        foreach (ref readonly var match in _rules.Of(node))
        {
            if (!_budget.Spend(AnalysisCost.Styles, StepsPerMatch))
            {
                return;
            }

            if ((match.Screens & _screen) != 0 && !_matches.TryAdd(match))
            {
                return;
            }
        }
    }
}

/// <summary>The styles of an element and of what stands before and behind its content.</summary>
internal sealed record ElementStyle(ComputedStyle Own, ComputedStyle? Before, ComputedStyle? After);
