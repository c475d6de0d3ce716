using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Styles;

/// <summary>
/// The scopes of custom properties of one document. There are as many as there are differences, and not as many as there are elements: a
/// stylesheet may declare hundreds of properties for every element.
/// </summary>
internal sealed class VariableScopes(AnalysisBudget budget)
{
    // What one takes in bytes, besides what it remembers.
    private const int BytesPerScope = 400;

    private readonly ChargedList<IReadOnlyDictionary<string, string>> _sets = new(budget, AnalysisCost.Variables);

    /// <summary>The scope of elements without any custom property.</summary>
    public VariableScope Root { get; } = new(null, [], budget);

    /// <summary>Begins an element.</summary>
    public void Begin() => _sets.Clear();

    /// <summary>Adds what is declared for it, in the order of the cascade, as far as the budget reaches.</summary>
    public void Declare(IReadOnlyDictionary<string, string> variables) => _ = _sets.TryAdd(variables);

    /// <summary>The scope of the element.</summary>
    /// <param name="parent">The scope it inherits.</param>
    public VariableScope End(VariableScope parent)
    {
        // What all elements declare alike, they inherit.
        var key = new VariableSets(_sets);
        if (_sets.Count == 0 || key.Equals(new VariableSets(parent.Sets)))
        {
            return parent;
        }

        if (parent.Inheritors.TryGetValue(key, out var known))
        {
            return known;
        }

        IReadOnlyDictionary<string, string>[] sets = [.. _sets];
        if (!budget.Spend(AnalysisCost.Variables, sets.Length) || !budget.Keep(AnalysisCost.Variables, BytesPerScope + (16L * sets.Length)))
        {
            return parent;
        }

        var scope = new VariableScope(parent, sets, budget);
        parent.Inheritors.Add(new(sets), scope);
        return scope;
    }
}

/// <summary>Sets of custom properties in an order; two are equal if they are the same sets in the same order.</summary>
/// <param name="sets">The sets.</param>
internal readonly struct VariableSets(IReadOnlyList<IReadOnlyDictionary<string, string>> sets) : IEquatable<VariableSets>
{
    private readonly IReadOnlyList<IReadOnlyDictionary<string, string>> _sets = sets;

    /// <inheritdoc/>
    public bool Equals(VariableSets other)
    {
        if (_sets.Count != other._sets.Count)
        {
            return false;
        }

        for (var i = 0; i < _sets.Count; i++)
        {
            if (!ReferenceEquals(_sets[i], other._sets[i]))
            {
                return false;
            }
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is VariableSets other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var set in _sets)
        {
            hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(set));
        }

        return hash.ToHashCode();
    }
}
