using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Delivery;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Bench;

/// <summary>
/// What each navigation begins with: is the page known, and what is to be delivered with it? A thousand pages are known, of twenty
/// resources each. The plan is made once a page and policy and again when something changes; both are here.
/// </summary>
public class LookupAndPlanBenchmark : IDisposable
{
    private const int Pages = 1000;
    private const int Resources = 20;
    private readonly ResourceRegistry _registry = new();
    private readonly DeliveryPolicy _policy = new();
    private readonly HeaderDictionary _request = new() { ["Accept"] = "text/html,*/*;q=0.8", ["Accept-Language"] = "en" };
    private readonly PageStore _store;
    private readonly DeliveryPlans _plans;
    private int _next;

    /// <summary>Learns the pages.</summary>
    public LookupAndPlanBenchmark()
    {
        // All of them fit in.
        var options = new LearningOptions { CacheBytes = 64 * 1024 * 1024 };
        _store = new PageStore(options, _registry, TimeProvider.System);
        _plans = new DeliveryPlans(_registry, options);
        for (var page = 0; page < Pages; page++)
        {
            var resources = Enumerable.Range(0, Resources).Select(i => new CriticalResource
            {
                Url = new Uri($"https://www.site.test/assets/{page % 10}-{i}.css"),
                Kind = ResourceKind.Style,
                Blocking = true,
                FoundBy = FoundBy.HeadStylesheet,
            }).ToList();
            _store.Learn(
                new PageDescription(Key(page), "https", "", [], VariantKey.Of("", _request, []), "\"1\"", ContentCoding.Identity, "text/html"),
                (uint)page,
                new PageAnalysis(resources, []));
        }
    }

    /// <summary>A page that is known.</summary>
    [Benchmark]
    public int Lookup() => Find(Key(_next++ % Pages)).Resources;

    /// <summary>A page that is known, and its plan.</summary>
    [Benchmark(Baseline = true)]
    public int LookupAndPlan() => _plans.For(Find(Key(_next++ % Pages)).Page!, _policy, isMember: false).Resources.Length;

    /// <summary>The same where the plan has to be made.</summary>
    [Benchmark]
    public int LookupAndNewPlan() => _plans.For(Find(Key(_next++ % Pages)).Page!, _policy, isMember: false, originLinks: null).Resources.Length;

    /// <summary>A page nobody has seen, of a site whose pages agree on nothing.</summary>
    [Benchmark]
    public bool Unknown() => _store.Find(new PageKey("all", "www.other.test", "/nowhere"), "", _request, isPage: true).Page is null;

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _store.Dispose();
    }

    private static readonly PageKey[] Keys = [.. Enumerable.Range(0, Pages).Select(static page => new PageKey("all", "www.site.test", $"/section-{page % 10}/page-{page}"))];

    private static PageKey Key(int page) => Keys[page];

    private (LearnedPage Page, int Resources) Find(PageKey key)
    {
        var page = _store.Find(key, "", _request, isPage: true).Page ?? throw new InvalidOperationException($"{key} is not known.");
        return (page, page.Analysis.Resources.Count);
    }
}
