namespace PushProxy.Analysis.Sheets;

/// <summary>Puts stylesheets into the order in which they apply: what one imports comes before its own rules.</summary>
internal static class SheetOrder
{
    /// <summary>How many a page may apply.</summary>
    public const int MaxSheets = 1000;

    /// <summary>All that are known, in this order.</summary>
    public static List<AppliedSheet> Of(IReadOnlyList<SheetNode> roots)
    {
        var sheets = new List<AppliedSheet>();
        foreach (var root in roots)
        {
            Add(root, sheets);
        }

        return sheets;
    }

    /// <summary>All imports, those of one stylesheet before the next.</summary>
    public static IEnumerable<SheetNode> Imports(IEnumerable<SheetNode> nodes) =>
        nodes.SelectMany(node => node.Imports.SelectMany(import => Imports([import]).Prepend(import)));

    // As deep as imports may go.
    private static void Add(SheetNode node, List<AppliedSheet> sheets)
    {
        node.Imports.ForEach(import => Add(import, sheets));
        if (node.Sheet is { } sheet && sheets.Count < MaxSheets)
        {
            sheets.Add(new(sheet, node.Base!, node.Media, node.Layer));
        }
    }
}
