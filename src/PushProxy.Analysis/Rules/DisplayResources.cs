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
/// <param name="sizes">Knows how large images are.</param>
/// <param name="options">Bounds.</param>
internal sealed class DisplayResources(ParsedPage document, IReadOnlyList<AppliedSheet> sheets, ImageSizes sizes, AnalysisOptions options)
{
    private readonly DocumentTree _tree = DocumentTree.Of(document.Document);
    private readonly MatchBudget _budget = new(options.MaxMatchSteps);

    /// <summary>Whether the page displays nothing until its scripts have run.</summary>
    public bool IsAppShell => AppShell.Is(_tree);

    /// <summary>What the display on one screen needs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<ScreenNeeds> FindAsync(ClientProfile client, CancellationToken cancellation)
    {
        var resolver = new StyleResolver(sheets, client, _budget);
        var styles = resolver.Resolve(_tree, cancellation);
        var families = new FontFamilies(sheets, client);
        var fonts = new FontUse(families, styles).Find(_tree);

        cancellation.ThrowIfCancellationRequested();
        var finder = new ScreenImages(_tree, styles, document.Walk.Builder.Base, client);
        var layout = new LayoutEngine(_tree, styles, resolver, client, SizeOf);
        var images = finder.Find(layout).ToList();

        // Images that turn out small make room for others.
        while (await sizes.AskAsync(images, client, cancellation))
        {
            layout = new LayoutEngine(_tree, styles, resolver, client, SizeOf);
            images = finder.Find(layout).ToList();
        }

        return new(client, families, fonts, images, new HeroFinder(client, image => sizes.Of(image.Url)).Find(images, layout.Texts));

        ImageSize? SizeOf(TreeNode node) => finder.Source(node) is { } choice ? sizes.Of(document.Walk.Builder.Base.Resolve(choice.Url).Url) : null;
    }
}

/// <summary>What the display on one screen needs.</summary>
/// <param name="Client">The screen.</param>
/// <param name="Families">The fonts that are named.</param>
/// <param name="Fonts">The fonts that text is displayed in.</param>
/// <param name="Images">The images that are displayed.</param>
/// <param name="Hero">The one of them likely to be the largest; null for none.</param>
internal sealed record ScreenNeeds(ClientProfile Client, FontFamilies Families, List<FontFace> Fonts, List<ScreenImage> Images, ScreenImage? Hero);
