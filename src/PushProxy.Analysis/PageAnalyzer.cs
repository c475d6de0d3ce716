using System.ComponentModel.DataAnnotations;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Encodings;
using PushProxy.Analysis.Html;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Rules;
using PushProxy.Analysis.Sheets;
using PushProxy.Analysis.Tree;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis;

/// <summary>
/// Finds what a browser must have before it displays a page, as Chromium reports it: stylesheets and scripts of the page's own origin
/// that block rendering (HTML §3.1.5, "render-blocking mechanism"; <c>renderBlockingStatus</c> in Resource Timing), fonts that its text is
/// displayed in, and the image that is its largest contentful paint. Reads any bytes without failing, in time and memory bounded by
/// the options.
/// </summary>
/// <remarks>Safe for use by many threads at once.</remarks>
public sealed class PageAnalyzer
{
    // The head is read while the page passes, so it has a smaller part of the steps.
    private const double HeadPart = 0.1;

    // What was found when the time is over is still put together, and that takes time, too.
    private const double Working = 0.9;

    private readonly AnalysisOptions _options;
    private readonly SheetCache _cache;

    /// <summary>Makes an analyzer.</summary>
    /// <param name="options">Bounds; null for the defaults.</param>
    /// <exception cref="ValidationException">A bound is out of its range.</exception>
    public PageAnalyzer(AnalysisOptions? options = null)
    {
        _options = options ?? AnalysisOptions.Default;
        Validator.ValidateObject(_options, new ValidationContext(_options), validateAllProperties: true);
        _cache = new(_options.MaxCachedStylesheetBytes);
    }

    /// <summary>What the last analysis spent, for measurements.</summary>
    internal AnalysisBudget? LastBudget { get; private set; }

    /// <summary>
    /// Analyses a little page of its own. The first analysis in a process takes a tenth of a second, for the parser is
    /// compiled then; after this the first visitor does not wait for it.
    /// </summary>
    public void WarmUp() => AnalyzeSmallPage();

    /// <summary>What <see cref="WarmUp"/> analyses: it takes the same steps as the head of a real page.</summary>
    internal PageAnalysis AnalyzeSmallPage() => Analyze(
        "<!DOCTYPE html><link rel=stylesheet media='(min-width:1px)' href=a.css?b><script src=a.js></script><body>"u8.ToArray(),
        new Uri("http://localhost/"),
        charset: null,
        PageScope.Head);

    /// <summary>Analyses a page, or the beginning of one.</summary>
    /// <param name="html">The page as sent, without content coding. May end anywhere.</param>
    /// <param name="page">The page's URL in the browser's address bar: absolute, http or https.</param>
    /// <param name="charset">The charset parameter of its Content-Type; null when it has none. An unknown one is ignored.</param>
    /// <param name="scope">How much of it to look at.</param>
    /// <param name="fields">What its header fields say; null for nothing.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What is critical, and what is not and why.</returns>
    /// <exception cref="ArgumentException"><paramref name="page"/> is no absolute http or https URL.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public PageAnalysis Analyze(
        ReadOnlyMemory<byte> html, Uri page, string? charset, PageScope scope = PageScope.WholePage,
        ResponseFields? fields = null, CancellationToken cancellation = default)
    {
        var address = AddressOf(page);
        cancellation.ThrowIfCancellationRequested();

        // Bytes to text.
        using var text = HtmlDecoder.Decode(html.Span[..Math.Min(html.Length, _options.MaxBytes)], charset);

        // Text to the elements that matter.
        var budget = BudgetFor(scope == PageScope.Head ? HeadPart : 1, cancellation);
        budget.Until(AnalysisStages.Stylesheets);
        using var elements = PageElements.Parse(text.Chars, text.Length, scope, keepsText: false, _options, budget);

        // Elements to resources.
        budget.Until(1);
        var walk = new PageWalk(address, text.OutputEncoding, client: null, _options, budget);
        walk.Builder.Base.UpgradesInsecure = fields?.UpgradesInsecure == true && address.Scheme == "https";
        walk.Go(elements.Found, followsSheets: false);
        return walk.Builder.Build() with { RanOutOn = budget.RanOutOn };
    }

    /// <summary>Analyses a whole page and the stylesheets it names.</summary>
    /// <param name="html">The page as sent, without content coding.</param>
    /// <param name="page">The page's URL in the browser's address bar: absolute, http or https.</param>
    /// <param name="charset">The charset parameter of its Content-Type; null when it has none. An unknown one is ignored.</param>
    /// <param name="subresources">Fetches stylesheets, modules and the beginnings of images.</param>
    /// <param name="client">The screen; null where it is not known, and the result must do for all.</param>
    /// <param name="fields">What its header fields say; null for nothing.</param>
    /// <param name="cancellation">Ends the work.</param>
    /// <returns>What is critical, and what is not and why.</returns>
    /// <exception cref="ArgumentException"><paramref name="page"/> is no absolute http or https URL.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    public async ValueTask<PageAnalysis> AnalyzeAsync(
        ReadOnlyMemory<byte> html,
        Uri page,
        string? charset,
        ISubresourceSource subresources,
        ClientProfile? client = null,
        ResponseFields? fields = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(subresources);
        var address = AddressOf(page);
        cancellation.ThrowIfCancellationRequested();

        // HTML: what the page itself names.
        var budget = BudgetFor(part: 1, cancellation);
        using var document = ParsedPage.Read(html, charset, address, fields ?? ResponseFields.None, client, _options, budget);
        await document.Walk.Written.AddToAsync(document.Walk, client, subresources, address, budget, cancellation);
        budget.Until(AnalysisStages.Tree);
        var tree = DocumentTree.Of(document.Document, budget);

        // CSS: the stylesheets it names, and what those import.
        budget.Until(AnalysisStages.Stylesheets);
        var loader = new SheetLoader(subresources, _cache, address, document.Encoding, _options, budget);
        var sheets = await loader.LoadAsync(document.Walk.Sheets, document.Walk.Builder.Base, cancellation);
        SheetResources.Add(sheets, loader, document.Walk.Builder);

        // Styles: in which fonts its text is displayed, and which image is the largest.
        ClientProfile[] screens = client is null ? [ClientProfile.Desktop, ClientProfile.Mobile] : [client];
        var sizes = new ImageSizes(subresources, address, _options, budget);
        var display = new DisplayResources(document, tree, SheetOrder.Of(sheets), screens, sizes, budget);
        var needs = await display.FindAsync(cancellation);
        budget.Until(AnalysisStages.Scripts);
        new ScreenResources(document.Walk.Builder, address, _options, budget).Add(needs);

        // Scripts: those without which it would show nothing, and what the modules among those that are needed import.
        await ScriptResources.AddAsync(document.Walk, display.IsAppShell, subresources, address, _options, budget, cancellation);
        LastBudget = budget;
        return document.Walk.Builder.Build() with
        {
            Unread = [.. loader.Unread.Select(url => url.ToUri())],
            RanOutOn = budget.RanOutOn,
        };
    }

    private AnalysisBudget BudgetFor(double part, CancellationToken cancellation) =>
        new(_options.MaxTime * Working, part, _options.MaxMemory, cancellation);

    private static HttpUrl AddressOf(Uri page)
    {
        ArgumentNullException.ThrowIfNull(page);
        return (page.IsAbsoluteUri ? HttpUrl.ParseAbsolute(page.AbsoluteUri) : null)
            ?? throw new ArgumentException("Not an absolute http or https URL.", nameof(page));
    }
}
