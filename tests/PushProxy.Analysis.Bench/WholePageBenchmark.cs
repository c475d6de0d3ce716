using BenchmarkDotNet.Attributes;

namespace PushProxy.Analysis.Bench;

/// <summary>What the analysis of a page costs: 100 kB with three stylesheets of 150 kB each.</summary>
[MemoryDiagnoser]
public class WholePageBenchmark
{
    private readonly Uri _address = new("https://site.test/");
    private readonly byte[] _page = Site.Page(100_000);
    private readonly Source _known = new("1");
    private readonly Source _unknown = new(null);
    private readonly PageAnalyzer _analyzer = new();

    /// <summary>The page alone, its head only: while it passes.</summary>
    [Benchmark]
    public int Head() => _analyzer.Analyze(_page, _address, "utf-8", PageScope.Head).Resources.Count;

    /// <summary>The page with its stylesheets, which are known: for one screen.</summary>
    [Benchmark(Baseline = true)]
    public async Task<int> KnownStylesheets() => (await _analyzer.AnalyzeAsync(_page, _address, "utf-8", _known, ClientProfile.Desktop)).Resources.Count;

    /// <summary>The same where the screen is not known: for two.</summary>
    [Benchmark]
    public async Task<int> KnownStylesheetsTwoScreens() => (await _analyzer.AnalyzeAsync(_page, _address, "utf-8", _known)).Resources.Count;

    /// <summary>The page with its stylesheets, which are parsed each time.</summary>
    [Benchmark]
    public async Task<int> UnknownStylesheets() => (await _analyzer.AnalyzeAsync(_page, _address, "utf-8", _unknown, ClientProfile.Desktop)).Resources.Count;

    private sealed class Source(string? version) : ISubresourceSource
    {
        private readonly StylesheetText[] _sheets = [.. Enumerable.Range(1, 3).Select(i => new StylesheetText(Site.Stylesheet(i, 150_000), "utf-8", version))];

        public ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) => new(_sheets[url.AbsolutePath[1] - '1']);
    }
}
