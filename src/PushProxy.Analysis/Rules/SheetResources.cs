using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Rules;

/// <summary>What stylesheets import.</summary>
internal static class SheetResources
{
    /// <summary>Adds the imports, in the order in which a browser finds them.</summary>
    public static void Add(IReadOnlyList<SheetNode> sheets, SheetLoader loader, AnalysisBuilder builder)
    {
        foreach (var import in SheetOrder.Imports(sheets))
        {
            // Chromium fetches an import whatever its medium, and blocks for it: only the stylesheet that imports it counts.
            builder.Add(new CriticalResource
            {
                Url = import.Url!.ToUri(),
                Kind = ResourceKind.Style,
                Blocking = import.IsBlocking,
                FoundBy = FoundBy.ImportedStylesheet,
            });
        }

        builder.AddSkipped(loader.Skipped);
        foreach (var url in loader.ForeignImports)
        {
            builder.Preconnect(url, CrossOriginMode.None);
        }
    }
}
