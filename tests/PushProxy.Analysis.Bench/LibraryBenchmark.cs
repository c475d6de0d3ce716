using System.Text;
using AngleSharp.Css.Dom;
using AngleSharp.Css.Parser;
using AngleSharp.Html;
using AngleSharp.Html.Parser;
using AngleSharp.Text;
using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using PushProxy.Analysis.Budgets;
using PushProxy.Analysis.Encodings;
using PushProxy.Analysis.Images;
using PushProxy.Analysis.Selectors;
using PushProxy.Analysis.Tree;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Bench;

/// <summary>Parts written by hand beside the libraries that have the same: the figures of the tables in docs/analysis.md.</summary>
[MemoryDiagnoser]
[GroupBenchmarksBy(BenchmarkLogicalGroupRule.ByCategory)]
[CategoriesColumn]
public class LibraryBenchmark
{
    private static readonly string[] Urls =
        ["/wp-content/plugins/p1/style.css?ver=5.1", "a.css", "../img/bg.jpg", "https://cdn.test/npm/bootstrap@5.3.0/dist/css/bootstrap.min.css"];

    private static readonly string[] SelectorTexts =
        [".c5", ".card .c30", "ul.nav > li.c7 a", ".row > .c9:first-child", "a.c12:not(.btn)", "h3.title, .c70 h3", "#i3 .title", "[data-toggle=x]", ".col p b"];

    private static readonly string Set = string.Join(", ", Enumerable.Range(1, 12).Select(static i => $"/img/photo-{i * 100}.jpg {i * 100}w"));
    private static readonly Uri Page = new("https://site.test/dir/page.html?q=1");
    private readonly byte[] _html = Site.Page(100_000);
    private readonly HttpUrl _page = HttpUrl.ParseAbsolute(Page.AbsoluteUri)!;
    private readonly AngleSharp.Dom.Url _theirPage = new(Page.AbsoluteUri);
    private readonly Selector[] _selectors = [.. SelectorTexts.SelectMany(static text => SelectorParser.ParseList(text, null, 100)!.Value)];
    private readonly ISelector[] _theirSelectors = [.. SelectorTexts.Select(static text => new CssSelectorParser().ParseSelector(text)!)];
    private DocumentTree _tree = null!;

    [GlobalSetup]
    public void Setup() => _tree = DocumentTree.Of(new HtmlParser().ParseDocument(Encoding.UTF8.GetString(_html)), AnalysisBudget.Unlimited);

    /// <summary>Nine selectors with each of 2,000 elements, without the index and the mask that spare most of it.</summary>
    [Benchmark(Baseline = true), BenchmarkCategory("Selectors")]
    public int Selectors()
    {
        var (matches, budget) = (0, AnalysisBudget.Unlimited);
        foreach (var node in _tree.Nodes)
        {
            foreach (var selector in _selectors)
            {
                matches += selector.Matches(node, budget) ? 1 : 0;
            }
        }

        return matches;
    }

    [Benchmark, BenchmarkCategory("Selectors")]
    public int SelectorsOfAngleSharp()
    {
        var matches = 0;
        foreach (var node in _tree.Nodes)
        {
            foreach (var selector in _theirSelectors)
            {
                matches += selector.Match(node.Element, null) ? 1 : 0;
            }
        }

        return matches;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("Four URLs")]
    public int ResolveUrls() => Urls.Sum(url => HttpUrlParser.Parse(url, _page, Encoding.UTF8).Url!.Href.Length);

    [Benchmark, BenchmarkCategory("Four URLs")]
    public int ResolveUrlsBySystemUri() => Urls.Sum(static url => new Uri(Page, url).AbsoluteUri.Length);

    [Benchmark, BenchmarkCategory("Four URLs")]
    public int ResolveUrlsByAngleSharp() => Urls.Sum(url => new AngleSharp.Dom.Url(_theirPage, url).Href.Length);

    [Benchmark(Baseline = true), BenchmarkCategory("Decode 100 kB")]
    public int Decode()
    {
        using var text = HtmlDecoder.Decode(_html, null);
        return text.Length;
    }

    [Benchmark, BenchmarkCategory("Decode 100 kB")]
    public async Task<int> DecodeByAngleSharp()
    {
        using var text = new TextSource(new MemoryStream(_html), Encoding.UTF8);
        await text.PrefetchAllAsync(default);
        return text.Length;
    }

    [Benchmark(Baseline = true), BenchmarkCategory("srcset of 12")]
    public int ReadSrcSet() => SrcSet.Parse(Set).Count;

    [Benchmark, BenchmarkCategory("srcset of 12")]
    public int ReadSrcSetByAngleSharp() => SourceSet.Parse(Set).Count();
}
