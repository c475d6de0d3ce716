using System.Collections.Immutable;
using System.Numerics;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Styles;

/// <summary>
/// Which rules of a document's stylesheets match its elements. Screens differ in the rules that apply, not in what selectors match: that
/// is worked out once for all of them.
/// </summary>
internal sealed class RuleMatches
{
    // More stylesheets than this get an index for all of them.
    private const int Few = 8;

    // How many selectors are ruled out in one step.
    private const int MasksAStep = 8;

    // What a match takes that is kept for the other screens, in bytes.
    private const int BytesPerMatch = 64;

    private readonly List<(int Place, AppliedSheet Sheet, RuleState[] Rules)> _sheets = [];
    private readonly ChargedList<RuleMatch> _matches;
    private readonly List<SelectorList> _lists = [];
    private readonly ChargedList<SheetSelectors> _found;
    private readonly DocumentIndex? _index;
    private readonly RuleMatch[]?[]? _known;
    private readonly AnalysisBudget _budget;

    /// <summary>Prepares for a document.</summary>
    /// <param name="tree">The document.</param>
    /// <param name="sheets">Its stylesheets, in the order in which they apply.</param>
    /// <param name="media">Which media queries match the screens it is displayed on, at most 32.</param>
    /// <param name="budget">What it may cost.</param>
    public RuleMatches(DocumentTree tree, IReadOnlyList<AppliedSheet> sheets, MediaMemory[] media, AnalysisBudget budget)
    {
        (_budget, _matches, _found) = (budget, new(budget, AnalysisCost.Selectors), new(budget, AnalysisCost.Selectors));
        _known = media.Length > 1 ? new RuleMatch[]?[tree.Nodes.Count] : null;
        var layers = new LayerOrder(sheets, budget);
        for (var place = 0; place < sheets.Count; place++)
        {
            var rules = sheets[place].Sheet.Rules.Length;
            if (!budget.Spend(AnalysisCost.Stylesheets, 1 + rules) || !budget.Keep(AnalysisCost.Stylesheets, 8L * rules))
            {
                break;
            }

            var states = StatesOf(sheets[place], media, layers);
            if (Array.Exists(states, state => state.Screens != 0))
            {
                _sheets.Add((place, sheets[place], states));
            }
        }

        _index = _sheets.Count > Few ? new(_sheets.Select(sheet => sheet.Sheet.Sheet), budget) : null;
    }

    /// <summary>The memory of what is kept for the other screens.</summary>
    public long KeptBytes { get; private set; }

    /// <summary>The rules that match an element on any of the screens, in the order of the cascade. Good until the next call.</summary>
    public ReadOnlySpan<RuleMatch> Of(TreeNode node)
    {
        if (_known?[node.Order] is { } known)
        {
            return known;
        }

        Collect(node);
        var bytes = BytesPerMatch * (1L + _matches.Count);
        if (_known is not null && !_budget.IsSpent && _budget.Keep(AnalysisCost.Selectors, bytes))
        {
            KeptBytes += bytes;
            return _known[node.Order] = _matches.Span.ToArray();
        }

        return _matches.Span;
    }

    private void Collect(TreeNode node)
    {
        _matches.Clear();
        if (!_budget.Spend(AnalysisCost.Selectors, node.Classes.Length + (2 * node.Attributes.Length)))
        {
            return;
        }

        if (_index is null)
        {
            foreach (var (place, sheet, states) in _sheets)
            {
                sheet.Sheet.Index.Collect(node, _lists);
                foreach (var list in _lists)
                {
                    Add(node, place, sheet, states, list);
                }
            }
        }
        else
        {
            _index.Collect(node, _found);
            foreach (var (at, list) in _found)
            {
                var (place, sheet, states) = _sheets[at];
                Add(node, place, sheet, states, list);
            }
        }

        // Sorting takes more for each the more there are.
        if (_budget.Spend(AnalysisCost.Selectors, _matches.Count * (1L + BitOperations.Log2((uint)_matches.Count + 1))))
        {
            _matches.Span.Sort(static (one, other) => one.CompareTo(other));
        }
    }

    private void Add(TreeNode node, int place, AppliedSheet sheet, RuleState[] states, SelectorList list)
    {
        var ancestors = list.Ancestors;
        var selectors = list.Selectors;
        var missing = ~node.Ancestors;
        if (!_budget.Spend(AnalysisCost.Selectors, 1 + (ancestors.Length / MasksAStep)))
        {
            return;
        }

        for (var i = 0; i < ancestors.Length; i++)
        {
            if ((ancestors[i] & missing) == default && states[selectors[i].Rule].Screens != 0
                && selectors[i].Selector.Matches(node, _budget))
            {
                var (at, selector) = selectors[i];
                var order = ((long)place << 32) | (uint)at;
                if (!_budget.Spend(AnalysisCost.Selectors, 2) || !_matches.TryAdd(
                    new(states[at].Screens, states[at].Layer, selector.Specificity, order, selector.Pseudo, sheet.Sheet.Rules[at], sheet)))
                {
                    return;
                }
            }
        }
    }

    private RuleState[] StatesOf(AppliedSheet sheet, MediaMemory[] media, LayerOrder layers)
    {
        var known = new Dictionary<RuleContext, RuleState>(ReferenceEqualityComparer.Instance);
        var states = new RuleState[sheet.Sheet.Rules.Length];
        var all = ScreensOf(sheet.Media, media);
        for (var i = 0; i < states.Length; i++)
        {
            var rule = sheet.Sheet.Rules[i];
            if (!known.TryGetValue(rule.Context, out var state))
            {
                if (!_budget.Spend(AnalysisCost.Stylesheets, 8) || !_budget.Keep(AnalysisCost.Stylesheets, 64))
                {
                    return states;
                }

                state = new(all & ScreensOf(rule.Context.Media, media), layers.RankOf(LayerOrder.NameOf(sheet.Layer, rule.Context.Layer)));
                known.Add(rule.Context, state);
            }

            states[i] = state;
        }

        return states;
    }

    private static int ScreensOf(ImmutableArray<string> lists, MediaMemory[] media)
    {
        var screens = 0;
        for (var i = 0; i < media.Length; i++)
        {
            screens |= media[i].AllMatch(lists) ? 1 << i : 0;
        }

        return screens;
    }

    private readonly record struct RuleState(int Screens, int Layer);
}

/// <summary>A rule that matches an element.</summary>
/// <param name="Screens">The screens on which it applies, a bit each.</param>
/// <param name="Layer">The rank of its layer.</param>
/// <param name="Specificity">That of the selector.</param>
/// <param name="Order">Its place among all rules.</param>
/// <param name="Pseudo">The part of the element it is about.</param>
/// <param name="Rule">The rule.</param>
/// <param name="Sheet">The stylesheet it stands in.</param>
internal readonly record struct RuleMatch(
    int Screens, int Layer, int Specificity, long Order, PseudoElement Pseudo, StyleRule Rule, AppliedSheet Sheet)
{
    /// <summary>Orders by the cascade.</summary>
    public int CompareTo(in RuleMatch other) =>
        Layer != other.Layer ? Layer.CompareTo(other.Layer)
        : Specificity != other.Specificity ? Specificity.CompareTo(other.Specificity)
        : Order.CompareTo(other.Order);
}
