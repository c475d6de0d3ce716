using System.Text;
using BenchmarkDotNet.Attributes;
using PushProxy.Analysis.Tests;

namespace PushProxy.Analysis.Bench;

/// <summary>What the analysis of HTML alone costs: a page of the kind a content management system makes, with a head of 5 kB.</summary>
[MemoryDiagnoser]
public class HtmlBenchmark
{
    private static readonly Uri Address = new("https://site.test/dir/page.html?q=1");
    private readonly PageAnalyzer _analyzer = new();
    private byte[] _page = [];

    /// <summary>The size of the page, bytes.</summary>
    [Params(24_000, 100_000)]
    public int Size { get; set; }

    [GlobalSetup]
    public void Setup() => _page = Encoding.UTF8.GetBytes(SamplePage.Html(Size));

    /// <summary>Up to the body, while the page passes.</summary>
    [Benchmark]
    public int Head() => _analyzer.Analyze(_page, Address, "utf-8", PageScope.Head).Resources.Count;

    /// <summary>All of it.</summary>
    [Benchmark]
    public int WholePage() => _analyzer.Analyze(_page, Address, "utf-8").Resources.Count;
}
