using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Fonts;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Layout;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Styles;
using PushProxy.Analysis.Tree;

namespace PushProxy.Analysis.Rules;

/// <summary>What the display of a page needs besides stylesheets and scripts: fonts and images.</summary>
internal sealed class DisplayResources
{
    private readonly ParsedPage _document;
    private readonly IReadOnlyList<AppliedSheet> _sheets;
    private readonly MediaMemory[] _screens;
    private readonly ImageSizes _sizes;
    private readonly DocumentTree _tree;
    private readonly AnalysisBudget _budget;
    private readonly RuleMatches _rules;

    /// <summary>Prepares for a page.</summary>
    /// <param name="document">The page.</param>
    /// <param name="tree">Its elements.</param>
    /// <param name="sheets">Its stylesheets, in the order in which they apply.</param>
    /// <param name="screens">The screens it may be displayed on.</param>
    /// <param name="sizes">Knows how large images are.</param>
    /// <param name="budget">What it may cost.</param>
    public DisplayResources(
        ParsedPage document, DocumentTree tree, IReadOnlyList<AppliedSheet> sheets, IReadOnlyList<ClientProfile> screens, ImageSizes sizes,
        AnalysisBudget budget)
    {
        (_document, _tree, _sheets, _sizes, _budget) = (document, tree, sheets, sizes, budget);
        _screens = [.. screens.Select(screen => new MediaMemory(screen, budget))];
        budget.Until(AnalysisStages.Rules);
        _rules = new(_tree, sheets, _screens, budget);
    }

    /// <summary>Whether the page displays nothing until its scripts have run.</summary>
    public bool IsAppShell => AppShell.Is(_tree);

    /// <summary>What the display on each of the screens needs.</summary>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<IReadOnlyList<ScreenNeeds>> FindAsync(CancellationToken cancellation)
    {
        var needs = new ScreenNeeds[_screens.Length];
        for (var i = 0; i < needs.Length; i++)
        {
            var kept = _budget.Bytes - _rules.KeptBytes;
            needs[i] = await FindAsync(i, cancellation);

            // The styles and boxes of one screen go before those of the next one come.
            _budget.GiveBack(_budget.Bytes - _rules.KeptBytes - kept);
        }

        return needs;
    }

    private async ValueTask<ScreenNeeds> FindAsync(int screen, CancellationToken cancellation)
    {
        var client = _screens[screen].Client;
        _budget.Until(AnalysisStages.Styles(screen, _screens.Length));
        var resolver = new StyleResolver(_rules, screen, client, _budget);
        var styles = resolver.Resolve(_tree);

        _budget.Until(AnalysisStages.Fonts(screen, _screens.Length));
        var families = new FontFamilies(_sheets, _screens[screen], _budget);
        var fonts = new FontUse(families, styles, _budget).Find(_tree);

        _budget.Until(AnalysisStages.Images(screen, _screens.Length));
        var finder = new ScreenImages(_tree, styles, _document.Walk.Builder.Base, client, _budget);
        var layout = Layout();
        var images = finder.Find(layout).ToList();

        // Images that turn out small make room for others.
        while (!_budget.IsSpent && await _sizes.AskAsync(images, client, cancellation))
        {
            layout = Layout();
            images = finder.Find(layout).ToList();
        }

        return new(client, families, fonts, images, new HeroFinder(client, image => _sizes.Of(image.Url)).Find(images, layout.Texts));

        LayoutEngine Layout() => new(_tree, styles, resolver, client, node => _sizes.Of(finder.UrlOf(node)), _budget);
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
