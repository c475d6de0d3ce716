using System.Text;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Encodings;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Sheets;

/// <summary>
/// Gets the stylesheets of one page and, level by level, what they import: those of one level all at once, so that time grows with
/// the depth of imports and not with their number, and the same stylesheets are over a bound each time.
/// </summary>
/// <param name="source">Fetches them.</param>
/// <param name="cache">What was made of others before.</param>
/// <param name="page">The page.</param>
/// <param name="encoding">The page's encoding.</param>
/// <param name="options">Bounds.</param>
/// <param name="budget">What it may cost.</param>
internal sealed class SheetLoader(
    ISubresourceSource source, SheetCache cache, HttpUrl page, Encoding encoding, AnalysisOptions options, AnalysisBudget budget)
{
    // What an import costs to look at, in steps.
    private const int StepsPerImport = 32;

    private readonly Dictionary<HttpUrl, Task<StylesheetText?>> _fetches = [];
    private readonly Dictionary<HttpUrl, Task<Loaded?>> _loads = [];
    private readonly List<SkippedResource> _skipped = [];
    private readonly List<HttpUrl> _unread = [];
    private bool _upgradesInsecure;
    private int _imports;

    /// <summary>What was not loaded, and why.</summary>
    public IReadOnlyList<SkippedResource> Skipped => _skipped;

    /// <summary>What could not be fetched.</summary>
    public IReadOnlyList<HttpUrl> Unread => _unread;

    /// <summary>Origins of stylesheets that block rendering but are not ours to deliver.</summary>
    public List<HttpUrl> ForeignImports { get; } = [];

    /// <summary>Loads what the page names, and what that imports.</summary>
    /// <param name="roots">The stylesheets the page names.</param>
    /// <param name="documentBase">What URLs in the page are relative to.</param>
    /// <param name="cancellation">Ends the work.</param>
    public async Task<List<SheetNode>> LoadAsync(IReadOnlyList<SheetRoot> roots, PageBase documentBase, CancellationToken cancellation)
    {
        _upgradesInsecure = documentBase.UpgradesInsecure;
        var top = new List<SheetNode>();
        foreach (var root in roots.Take(SheetOrder.MaxSheets))
        {
            var node = new SheetNode
            {
                Url = root.Url,
                Importer = null,
                Media = root.Media is null ? [] : [root.Media],
                Layer = null,
                IsBlocking = root.IsBlocking,
            };
            if (root.Text is { } text)
            {
                node.Sheet = Parse(text);
                node.Base = documentBase;
            }

            top.Add(node);
        }

        for (var level = top; level.Count > 0; level = [.. level.SelectMany(node => node.Imports)])
        {
            await LoadLevelAsync(level, cancellation);
            foreach (var node in level)
            {
                AddImports(node);
            }
        }

        return top;
    }

    private async Task LoadLevelAsync(List<SheetNode> level, CancellationToken cancellation)
    {
        foreach (var node in level.Where(node => node.Sheet is null))
        {
            if (!_fetches.ContainsKey(node.Url!))
            {
                if (_fetches.Count >= options.MaxStylesheets)
                {
                    Skip(node.Url!.Href, AnalysisSkip.OverLimit);
                    continue;
                }

                _fetches.Add(node.Url!, source.GetAsync(node.Url!.ToUri(), cancellation).AsTask());
            }
        }

        // Each is read while the next ones are still on their way.
        foreach (var (url, fetch) in _fetches.Where(fetch => !_loads.ContainsKey(fetch.Key)))
        {
            StylesheetText? text;
            using (budget.Wait())
            {
                text = await fetch;
            }

            _loads.Add(url, text is null ? Task.FromResult<Loaded?>(null) : ReadAsync(url, text, cancellation));
        }

        foreach (var node in level.Where(node => node.Sheet is null && _loads.ContainsKey(node.Url!)))
        {
            if (await _loads[node.Url!] is { } loaded)
            {
                node.Sheet = loaded.Sheet;
                node.Base = new PageBase(node.Url!, loaded.Encoding, options.MaxUrlLength) { UpgradesInsecure = _upgradesInsecure };
            }
            else
            {
                AddUnread(node.Url!);
            }
        }
    }

    private void AddImports(SheetNode node)
    {
        foreach (var import in node.Sheet?.Imports ?? [])
        {
            if (!budget.Spend(AnalysisCost.Stylesheets, StepsPerImport))
            {
                return;
            }

            var (url, otherScheme) = node.Base!.Resolve(import.Url);
            var reason = otherScheme ? AnalysisSkip.NotHttp
                : url is null || url.Href.Length > options.MaxUrlLength ? AnalysisSkip.InvalidUrl
                : !import.IsSupported ? AnalysisSkip.UnsupportedCondition
                : !url.SameOrigin(page) ? AnalysisSkip.CrossOrigin
                : node.Descends(url) ? AnalysisSkip.Duplicate
                : node.Depth >= options.MaxImportDepth ? AnalysisSkip.TooDeep
                : ++_imports > options.MaxStylesheets ? AnalysisSkip.OverLimit
                : (AnalysisSkip?)null;
            if (reason is { } skip)
            {
                Skip(url?.Href ?? import.Url, skip);
                if (skip == AnalysisSkip.CrossOrigin && node.IsBlocking && ForeignImports.Count < options.MaxResources)
                {
                    ForeignImports.Add(url!);
                }

                continue;
            }

            node.Imports.Add(new()
            {
                Url = url,
                Importer = node,
                Media = import.Media.Length > 0 ? node.Media.Add(import.Media) : node.Media,
                Layer = LayerOrder.NameOf(node.Layer, import.Layer),
                IsBlocking = node.IsBlocking,
            });
        }
    }

    private async Task<Loaded?> ReadAsync(HttpUrl url, StylesheetText text, CancellationToken cancellation)
    {
        var bytes = text.Bytes.Length > options.MaxStylesheetBytes ? text.Bytes[..options.MaxStylesheetBytes] : text.Bytes;
        var (found, skip) = SheetDecoder.EncodingOf(bytes.Span, text.Charset, encoding);
        var output = found is UnicodeEncoding ? EncodingLabels.Utf8 : found;
        var key = text.Version is null ? null : new SheetKey(url.Href, text.Version, found.WebName);
        if (key is not null && cache.Find(key) is { } known)
        {
            return new(known, output);
        }

        if (!budget.Keep(AnalysisCost.Stylesheets, sizeof(char) * bytes.Length))
        {
            return new(Stylesheet.Empty, output);
        }

        // Parsing is work for a processor; the source may have answered at once, and others wait for theirs to be asked for. It stays
        // with the caller's scheduler, which may limit how many processors an analysis takes. Until its turn comes, it waits.
        var part = budget.Fork();
        Stylesheet sheet;
        using (budget.Wait())
        {
            sheet = await Task.Factory.StartNew(
                () => SheetDecoder.Read(bytes.Span[skip..], found, chars => StylesheetParser.Parse(chars, options.MaxSelectors, part)),
                cancellation, TaskCreationOptions.DenyChildAttach, TaskScheduler.Current);
        }

        budget.GiveBack(sizeof(char) * bytes.Length);
        if (key is not null && !sheet.IsUnfinished)
        {
            cache.Add(key, sheet);
        }

        return new(sheet, output);
    }

    private Stylesheet Parse(string text) =>
        StylesheetParser.Parse(text.AsSpan(0, Math.Min(text.Length, options.MaxStylesheetBytes)), options.MaxSelectors, budget);

    private void AddUnread(HttpUrl url)
    {
        if (_unread.Count < options.MaxResources && !_unread.Contains(url))
        {
            _unread.Add(url);
        }
    }

    private void Skip(string url, AnalysisSkip reason)
    {
        if (_skipped.Count < options.MaxResources)
        {
            _skipped.Add(new(PrintableUrl.Of(url, options.MaxUrlLength), reason));
        }
    }

    private sealed record Loaded(Stylesheet Sheet, Encoding Encoding);
}
