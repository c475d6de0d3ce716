using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Rules;

/// <summary>What the display of a page needs besides stylesheets and scripts: fonts and images.</summary>
internal sealed class DisplayResources
{
    private readonly ParsedPage _document;
    private readonly IReadOnlyList<AppliedSheet> _sheets;
    private readonly IReadOnlyList<ClientProfile> _screens;
    private readonly ImageSizes _sizes;
    private readonly DocumentTree _tree;
    private readonly MatchBudget _budget;
    private readonly RuleMatches _rules;

    /// <summary>Prepares for a page.</summary>
    /// <param name="document">The page.</param>
    /// <param name="sheets">Its stylesheets, in the order in which they apply.</param>
    /// <param name="screens">The screens it may be displayed on.</param>
    /// <param name="sizes">Knows how large images are.</param>
    /// <param name="options">Bounds.</param>
    public DisplayResources(
        ParsedPage document, IReadOnlyList<AppliedSheet> sheets, IReadOnlyList<ClientProfile> screens, ImageSizes sizes,
        AnalysisOptions options)
    {
        (_document, _sheets, _screens, _sizes) = (document, sheets, screens, sizes);
        _tree = DocumentTree.Of(document.Document);
        _budget = new(options.MaxMatchSteps);
        _rules = new(_tree, sheets, screens, _budget);
    }

    /// <summary>Whether the page displays nothing until its scripts have run.</summary>
    public bool IsAppShell => AppShell.Is(_tree);

    /// <summary>What the display on each of the screens needs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<IReadOnlyList<ScreenNeeds>> FindAsync(CancellationToken cancellation)
    {
        var needs = new ScreenNeeds[_screens.Count];
        for (var i = 0; i < needs.Length; i++)
        {
            needs[i] = await FindAsync(_screens[i], new StyleResolver(_rules, i, _screens[i], _budget), cancellation);
        }

        return needs;
    }

    private async ValueTask<ScreenNeeds> FindAsync(ClientProfile client, StyleResolver resolver, CancellationToken cancellation)
    {
        var styles = resolver.Resolve(_tree, cancellation);
        var families = new FontFamilies(_sheets, client);
        var fonts = new FontUse(families, styles).Find(_tree);

        cancellation.ThrowIfCancellationRequested();
        var finder = new ScreenImages(_tree, styles, _document.Walk.Builder.Base, client);
        var layout = new LayoutEngine(_tree, styles, resolver, client, SizeOf);
        var images = finder.Find(layout).ToList();

        // Images that turn out small make room for others.
        while (await _sizes.AskAsync(images, client, cancellation))
        {
            layout = new LayoutEngine(_tree, styles, resolver, client, SizeOf);
            images = finder.Find(layout).ToList();
        }

        return new(client, families, fonts, images, new HeroFinder(client, image => _sizes.Of(image.Url)).Find(images, layout.Texts));

        ImageSize? SizeOf(TreeNode node) =>
            finder.Source(node) is { } choice ? _sizes.Of(_document.Walk.Builder.Base.Resolve(choice.Url).Url) : null;
    }
}

/// <summary>What the display on one screen needs.</summary>
/// <param name="Client">The screen.</param>
/// <param name="Families">The fonts that are named.</param>
/// <param name="Fonts">The fonts that text is displayed in.</param>
/// <param name="Images">The images that are displayed.</param>
/// <param name="Hero">The one of them likely to be the largest; null for none.</param>
internal sealed record ScreenNeeds(
    ClientProfile Client, FontFamilies Families, List<FontFace> Fonts, List<ScreenImage> Images, ScreenImage? Hero);
