using PushProxy.Analysis.Budgets;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// The order of a document's layers (CSS Cascade 5 §6.4.4): as they are first named; what is in no layer is above all, and what
/// stands in a layer itself is above the layers within it.
/// </summary>
internal sealed class LayerOrder
{
    /// <summary>The rank of what is in no layer.</summary>
    public const int Unlayered = int.MaxValue;

    // What is in further ones counts as if it were named first.
    private const int MaxLayers = 10_000;

    private readonly Dictionary<string, int> _ranks = [];

    /// <summary>Orders the layers of stylesheets that are given in the order in which they apply.</summary>
    /// <param name="sheets">The stylesheets.</param>
    /// <param name="budget">What it may cost.</param>
    public LayerOrder(IEnumerable<AppliedSheet> sheets, AnalysisBudget budget)
    {
        var seen = new Dictionary<string, int>();
        foreach (var name in sheets.SelectMany(
            sheet => sheet.Sheet.Layers.Select(layer => NameOf(sheet.Layer, layer)!).Prepend(sheet.Layer ?? "")))
        {
            if (seen.Count >= MaxLayers || !budget.Spend(AnalysisCost.Stylesheets, 1 + name.Length))
            {
                break;
            }

            // "a.b" also names "a".
            for (var dot = 0; dot >= 0 && name.Length > 0;)
            {
                dot = name.IndexOf('.', dot + 1);
                seen.TryAdd(dot < 0 ? name : name[..dot], seen.Count);
            }
        }

        var sorted = seen.Keys.Order(Comparer<string>.Create((one, other) => Compare(one, other, seen)));
        foreach (var name in sorted)
        {
            _ranks.Add(name, _ranks.Count);
        }
    }

    /// <summary>A layer's rank; a higher one wins.</summary>
    public int RankOf(string? layer) => layer is null ? Unlayered : _ranks.GetValueOrDefault(layer);

    /// <summary>The full name of a layer in a stylesheet that is imported into one.</summary>
    public static string? NameOf(string? outer, string? inner) => outer is null ? inner : inner is null ? outer : $"{outer}.{inner}";

    private static int Compare(string one, string other, Dictionary<string, int> seen)
    {
        var (ones, others) = (Path(one).GetEnumerator(), Path(other).GetEnumerator());
        while (true)
        {
            var (more, moreOther) = (ones.MoveNext(), others.MoveNext());
            if (!more || !moreOther)
            {
                return more.CompareTo(moreOther) * -1;
            }

            if (seen[ones.Current] != seen[others.Current])
            {
                return seen[ones.Current].CompareTo(seen[others.Current]);
            }
        }
    }

    // "a.b.c" is reached by "a", "a.b", "a.b.c".
    private static IEnumerable<string> Path(string name)
    {
        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = name.IndexOf('.', dot + 1))
        {
            yield return name[..dot];
        }

        yield return name;
    }
}
