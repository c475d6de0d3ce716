using System.Runtime.InteropServices;
using PushProxy.Analysis.Selectors;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// Selectors whose subject has the same id, class, type or attribute. What each asks for around an element stands apart, close together:
/// where that is not there, the selector itself need not be looked at, and of a theme's thousands nearly none is.
/// </summary>
internal sealed class SelectorList
{
    private readonly List<UInt128> _ancestors = [];
    private readonly List<IndexedSelector> _selectors = [];

    /// <summary>How many there are.</summary>
    public int Count => _selectors.Count;

    /// <summary>What each asks for around an element.</summary>
    public ReadOnlySpan<UInt128> Ancestors => CollectionsMarshal.AsSpan(_ancestors);

    /// <summary>The selectors, in the same order.</summary>
    public ReadOnlySpan<IndexedSelector> Selectors => CollectionsMarshal.AsSpan(_selectors);

    /// <summary>Adds one.</summary>
    public void Add(IndexedSelector selector)
    {
        _ancestors.Add(AncestorMask.Of(selector.Selector));
        _selectors.Add(selector);
    }
}
