namespace PushProxy.Proof;

/// <summary>Keeps the comparisons of all groups of page views. It may be used by several threads.</summary>
internal sealed class ProofBook
{
    /// <summary>The maximum number of groups of one kind. Views of further ones count for all alone.</summary>
    public const int MaxGroups = 24;

    /// <summary>
    /// From how many visitors on the name of a group of pages is listed. One that a single visitor has seen may be his own.
    /// </summary>
    public const int MinVisitors = 3;

    private const string All = "all", OfPages = "page";

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Kind, string Name), Dictionary<ProofMeasure, Comparison>> _groups = [];

    /// <summary>Called for what was measured here, so that other instances can be told.</summary>
    public event Action<ViewGroup, ProofMeasure, double>? Added;

    /// <summary>Adds what was measured of one page view.</summary>
    /// <param name="view">The view.</param>
    /// <param name="measure">What was measured.</param>
    /// <param name="milliseconds">The time in milliseconds.</param>
    public void Add(in ViewGroup view, ProofMeasure measure, double milliseconds)
    {
        Take(view, measure, milliseconds);
        Added?.Invoke(view, measure, milliseconds);
    }

    /// <summary>Adds what another instance has measured.</summary>
    /// <param name="view">The view. Its group of pages may be empty.</param>
    /// <param name="measure">What was measured.</param>
    /// <param name="milliseconds">The time in milliseconds.</param>
    public void Take(in ViewGroup view, ProofMeasure measure, double milliseconds)
    {
        Find(All, All, measure)?.Add(view.Arm, view.Visitor, milliseconds);
        if (measure != ProofMeasure.Display)
        {
            // The parts would cost more memory than they tell.
            return;
        }

        foreach (var (kind, name) in (ReadOnlySpan<(string, string)>)
            [("view", view.IsFirst ? "first" : "later"), (OfPages, view.Page), ("protocol", view.Protocol), ("client", view.Channel)])
        {
            if (name.Length > 0)
            {
                Find(kind, name, measure)?.Add(view.Arm, view.Visitor, milliseconds);
            }
        }
    }

    /// <summary>Returns all comparisons, that of all views first.</summary>
    public IReadOnlyList<ProofGroup> List()
    {
        (string Kind, string Name, Comparison[] Measures)[] groups;
        lock (_lock)
        {
            groups = [.. _groups.Select(static g =>
                (g.Key.Kind, g.Key.Name, g.Value.OrderBy(static m => m.Key).Select(static m => m.Value).ToArray()))];
        }

        // Outside the lock, as it may take a while.
        return
        [
            .. groups.OrderBy(static g => g.Kind, StringComparer.Ordinal).ThenBy(static g => g.Name, StringComparer.Ordinal)
                .Select(static g => new ProofGroup(g.Kind, g.Name, [.. g.Measures.Select(static m => m.Report())]))
                .Where(static g => g.Kind != OfPages
                    || g.Measures.Max(static m => m.Delivered.Visitors + m.HeldOut.Visitors) >= MinVisitors),
        ];
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
                measures[measure] = comparison = new Comparison(
                    measure.Name(), kind == All ? Comparison.AllVisitors : Comparison.PartVisitors);
            }

            return comparison;
        }
    }
}
