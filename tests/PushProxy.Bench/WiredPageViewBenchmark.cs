using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Bench;

/// <summary>The same as it is wired: what the client has of a plan of twenty resources, and the cookie of the response.</summary>
public class WiredPageViewBenchmark : IDisposable
{
    private const int Resources = 20;
    private readonly ResourceRegistry _registry = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ClientCaches _caches;
    private readonly DeliveryPlan _plan;
    private readonly DefaultHttpContext _http = new();
    private readonly string _cookie;

    /// <summary>Twenty resources whose versions are known.</summary>
    public WiredPageViewBenchmark()
    {
        _caches = new ClientCaches(
            new ClientCacheOptions(), TimeProvider.System, new PushProxyMetrics(_services.GetRequiredService<IMeterFactory>()));
        var resources = Enumerable.Range(0, Resources).Select(i => new CriticalResource
        {
            Url = new Uri($"https://www.site.test/assets/{i}.css"),
            Kind = ResourceKind.Style,
            Blocking = true,
            FoundBy = FoundBy.HeadStylesheet,
        }).ToList();
        foreach (var resource in resources)
        {
            _registry.Acquire(resource.Url);
            var state = _registry.Find(resource.Url)!;
            state.Version = new ResourceVersionState(ResourceVersion.OfTag(state.CacheKey, "\"1\""), TimeSpan.FromHours(1), default);
        }

        _plan = DeliveryPlanner.Plan(new PageAnalysis(resources, []), new DeliveryPolicy(), r => _registry.WhyExcluded(r.Url), null, null, _registry.Find);
        (_http.Request.Scheme, _http.Request.Method) = ("https", "GET");
        var setCookie = View(null);
        _cookie = setCookie[(CacheCookie.Name.Length + 1)..setCookie.IndexOf(';', StringComparison.Ordinal)];
    }

    /// <summary>A client that has all of it.</summary>
    [Benchmark(Baseline = true)]
    public string Warm() => View(_cookie);

    /// <summary>A client that has nothing: the cookie is written.</summary>
    [Benchmark]
    public string New() => View(null);

    /// <summary>The visit alone, which every page view makes.</summary>
    [Benchmark]
    public object Visit() => Make(_cookie);

    /// <inheritdoc/>
    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _services.Dispose();
    }

    private static DeliveryRecord Make(string? cookie)
    {
        var knowledge = new PageKnowledge(null, null, null, PageSource.Learned, false);
        return new DeliveryRecord(new PageVisit(NavigationKind.Document, PageSkip.None, Key, "", false, knowledge, 0) { CacheCookie = cookie });
    }

    private static readonly DeliveryPolicy Policy = new();
    private static readonly PageKey Key = new("all", "www.site.test", "/");

    private string View(string? cookie)
    {
        _http.Response.Headers.Clear();
        var record = Make(cookie);
        _caches.Subtract(_http.Request, record, _plan);
        _caches.Remember(_http, record, _plan, Policy);
        return _http.Response.Headers.SetCookie.ToString();
    }
}
