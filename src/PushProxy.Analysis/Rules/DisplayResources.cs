using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Rules;

/// <summary>What the display of a page needs besides stylesheets and scripts: fonts and images.</summary>
/// <param name="document">The page.</param>
/// <param name="sheets">Its stylesheets, in the order in which they apply.</param>
/// <param name="options">Bounds.</param>
internal sealed class DisplayResources(ParsedPage document, IReadOnlyList<AppliedSheet> sheets, AnalysisOptions options)
{
    private readonly DocumentTree _tree = DocumentTree.Of(document.Document);
    private readonly MatchBudget _budget = new(options.MaxMatchSteps);

    /// <summary>What the display on one screen needs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public ScreenNeeds Find(ClientProfile client, CancellationToken cancellation)
    {
        var resolver = new StyleResolver(sheets, client, _budget);
        var styles = resolver.Resolve(_tree, cancellation);
        var families = new FontFamilies(sheets, client);
        var fonts = new FontUse(families).Find(_tree, styles);

        cancellation.ThrowIfCancellationRequested();
        var layout = new LayoutEngine(_tree, styles, resolver, client, _ => null);
        var images = new ScreenImages(_tree, styles, document.Walk.Builder.Base, client).Find(layout).ToList();
        return new(client, families, fonts, images, new HeroFinder(client, _ => null).Find(images, layout.Texts));
    }
}

/// <summary>What the display on one screen needs.</summary>
/// <param name="Client">The screen.</param>
/// <param name="Families">The fonts that are named.</param>
/// <param name="Fonts">The fonts that text is displayed in.</param>
/// <param name="Images">The images that are displayed.</param>
/// <param name="Hero">The one of them likely to be the largest; null for none.</param>
internal sealed record ScreenNeeds(ClientProfile Client, FontFamilies Families, List<FontFace> Fonts, List<ScreenImage> Images, ScreenImage? Hero);
