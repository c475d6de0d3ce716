using System.Collections.Immutable;
using PushProxy.Analysis.Selectors;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// The rule around nested rules (CSS Nesting §3). What its selectors say is one condition, made when it is first asked for.
/// </summary>
/// <param name="selectors">Its selectors.</param>
internal sealed class ParentRule(ImmutableArray<Selector> selectors)
{
    private AnyCondition? _condition;

    /// <summary>A rule that matches nothing.</summary>
    public static ParentRule None { get; } = new([]);

    /// <summary>Its selectors.</summary>
    public ImmutableArray<Selector> Selectors => selectors;

    /// <summary>That an element matches one of them: <c>&amp;</c>.</summary>
    public AnyCondition Condition => _condition ??= new(selectors, IsNegated: false, IsWeightless: false);
}
