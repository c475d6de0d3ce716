namespace PushProxy.Proof;

/// <summary>Keeps the comparisons of all groups of page views. It may be used by several threads.</summary>
internal sealed class ProofBook
{
    /// <summary>The maximum number of groups of one kind. Views of further ones count for all alone.</summary>
    public const int MaxGroups = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Name), Dictionary<ProofMeasure, Comparison>> _groups = [];

    /// <summary>Adds what was measured of one page view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="measure">What was measured.</param>
    /// <param name="milliseconds">The time in milliseconds.</param>
    public void Add(in ViewGroup view, ProofMeasure measure, double milliseconds)
    {
        foreach (var (kind, name) in (ReadOnlySpan<(string, string)>)
            [("all", "all"), ("view", view.IsFirst ? "first" : "later"), ("page", view.Page), ("protocol", view.Protocol), ("client", view.Channel)])
        {
            Find(kind, name, measure)?.Add(view.Arm, view.Visitor, milliseconds);
        }
    }

    /// <summary>Returns all comparisons, that of all views first.</summary>
    public IReadOnlyList<ProofGroup> List()
    {
        lock (_lock)
        {
            return
            [
                .. _groups.OrderBy(static g => g.Key.Kind, StringComparer.Ordinal).ThenBy(static g => g.Key.Name, StringComparer.Ordinal)
                    .Select(static g => new ProofGroup(
                        g.Key.Kind, g.Key.Name, [.. g.Value.OrderBy(static m => m.Key).Select(static m => m.Value.Report())])),
            ];
        }
    }

    private Comparison? Find(string kind, string name, ProofMeasure measure)
    {
        lock (_lock)
        {
            if (!_groups.TryGetValue((kind, name), out var measures))
            {
                if (_groups.Keys.Count(k => k.Kind == kind) >= MaxGroups)
                {
                    return null;
                }

                _groups[(kind, name)] = measures = [];
            }

            if (!measures.TryGetValue(measure, out var comparison))
            {
                measures[measure] = comparison = new Comparison(measure.Name());
            }

            return comparison;
        }
    }
}
