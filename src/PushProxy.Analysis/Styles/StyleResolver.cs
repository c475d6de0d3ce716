using System.Collections.Immutable;
using System.Runtime.InteropServices;
using PushProxy.Analysis.Css;
using PushProxy.Analysis.Media;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>Works out the styles of a document's elements for one client: the cascade (CSS Cascade 5 §6).</summary>
internal sealed class StyleResolver
{
    // Looking at the clock for each element would cost more than the elements.
    private const int CheckEvery = 64;

    private readonly List<(AppliedSheet Sheet, RuleState[] Rules)> _sheets = [];
    private readonly List<Match> _matches = [];
    private readonly List<List<IndexedSelector>> _lists = [];
    private readonly StyleApplier _applier;
    private readonly MatchBudget _budget;

    /// <summary>Prepares for a document's stylesheets, which are given in the order in which they apply.</summary>
    public StyleResolver(IReadOnlyList<AppliedSheet> sheets, ClientProfile client, MatchBudget budget)
    {
        _applier = new(client);
        _budget = budget;
        var media = new MediaMemory(client);
        var layers = new LayerOrder(sheets);
        foreach (var sheet in sheets.Where(sheet => media.AllMatch(sheet.Media)))
        {
            _sheets.Add((sheet, StatesOf(sheet, media, layers)));
        }
    }

    /// <summary>What lengths of an element with such a style are relative to.</summary>
    public LengthContext ContextOf(ComputedStyle style) => _applier.ContextOf(style);

    /// <summary>The styles of all elements, by <see cref="TreeNode.Order"/>; null for one in an element that is not displayed.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ElementStyle?[] Resolve(DocumentTree tree, CancellationToken cancellation)
    {
        var styles = new ElementStyle?[tree.Nodes.Count];
        foreach (var node in tree.Nodes)
        {
            if (node.Order % CheckEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            var parent = node.Parent is { } around ? styles[around.Order] : null;
            if (node.Parent is not null && parent is null or { Own.Display: Display.None })
            {
                continue;
            }

            var own = styles[node.Order] = StyleOf(node, parent?.Own ?? ComputedStyle.Initial);
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
        foreach (var match in _matches)
        {
            if (match.Pseudo == pseudo)
            {
                return Cascade(node, style, pseudo) is { Content: { } content } part && content is not ("none" or "normal") ? part : null;
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
            Hints.Apply(node, style);
            inline = node.Attribute("style") is { Length: > 0 } text ? StylesheetParser.ParseAttribute(text) : inline;
        }

        // Variables first, and the font's size before what is relative to it.
        Variables(style, parent, inline, pseudo);
        var isImportant = false;
        do
        {
            foreach (var match in _matches)
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

    private void Apply(ImmutableArray<Declaration> declarations, ComputedStyle style, ComputedStyle parent, AppliedSheet? sheet, bool isImportant)
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
        VariableScope? scope = null;
        foreach (var match in _matches)
        {
            if (match.Pseudo == pseudo && match.HasVariables)
            {
                Declare(match.Rule.Declarations, parent, ref scope);
            }
        }

        Declare(inline, parent, ref scope);
        style.Variables = scope ?? parent.Variables;
    }

    private static void Declare(ImmutableArray<Declaration> declarations, ComputedStyle parent, ref VariableScope? scope)
    {
        foreach (var declaration in declarations)
        {
            if (declaration.CustomName is { } name)
            {
                (scope ??= new(parent.Variables)).Set(name, declaration.Value);
            }
        }
    }

    private void Collect(TreeNode node)
    {
        _matches.Clear();
        for (var at = 0; at < _sheets.Count; at++)
        {
            _sheets[at].Sheet.Sheet.Index.Collect(node, _lists);
            foreach (var list in _lists)
            {
                AddMatches(node, at, list);
            }
        }

        _matches.Sort(static (one, other) => one.CompareTo(other));
    }

    private void AddMatches(TreeNode node, int at, List<IndexedSelector> list)
    {
        var (sheet, states) = _sheets[at];
        foreach (ref readonly var indexed in CollectionsMarshal.AsSpan(list))
        {
            if ((indexed.Ancestors & ~node.Ancestors) == 0 && states[indexed.Rule].Applies && indexed.Selector.Matches(node, _budget))
            {
                var (state, selector, rule) = (states[indexed.Rule], indexed.Selector, sheet.Sheet.Rules[indexed.Rule]);
                _matches.Add(new(state.Layer, selector.Specificity, ((long)at << 32) | (uint)indexed.Rule, selector.Pseudo, rule, sheet, rule.DeclaresVariables));
            }
        }
    }

    private static RuleState[] StatesOf(AppliedSheet sheet, MediaMemory media, LayerOrder layers)
    {
        var known = new Dictionary<RuleContext, RuleState>(ReferenceEqualityComparer.Instance);
        var states = new RuleState[sheet.Sheet.Rules.Length];
        for (var i = 0; i < states.Length; i++)
        {
            var rule = sheet.Sheet.Rules[i];
            if (!known.TryGetValue(rule.Context, out var state))
            {
                state = new(media.AllMatch(rule.Context.Media), layers.RankOf(LayerOrder.NameOf(sheet.Layer, rule.Context.Layer)));
                known.Add(rule.Context, state);
            }

            states[i] = state;
        }

        return states;
    }

    private readonly record struct RuleState(bool Applies, int Layer);

    private readonly record struct Match(int Layer, int Specificity, long Order, PseudoElement Pseudo, StyleRule Rule, AppliedSheet Sheet, bool HasVariables)
    {
        public int CompareTo(Match other) =>
            Layer != other.Layer ? Layer.CompareTo(other.Layer)
            : Specificity != other.Specificity ? Specificity.CompareTo(other.Specificity)
            : Order.CompareTo(other.Order);
    }
}

/// <summary>The styles of an element and of what stands before and behind its content.</summary>
internal sealed record ElementStyle(ComputedStyle Own, ComputedStyle? Before, ComputedStyle? After);
