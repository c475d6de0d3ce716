using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Client.Cached;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Tests.Client.Cached;
using Xunit;

namespace PushProxy.Tests.Delivery;

/// <summary>A plan, and what a client has of it.</summary>
public sealed class ClientCachesTests : IDisposable
{
    private static readonly CriticalResource[] Resources = [Some.Style("/a.css"), Some.Style("/b.css"), Some.Script("/c.js"), Some.Style("/wide.css", "(min-width: 70em)")];
    private readonly FakeTimeProvider _time = new(Cookies.Now);
    private readonly ResourceRegistry _registry = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ClientCaches _caches;

    public ClientCachesTests()
    {
        var metrics = new PushProxyMetrics(_services.GetRequiredService<IMeterFactory>());
        _caches = new ClientCaches(new ClientCacheOptions(), _time, metrics);
        foreach (var resource in Resources)
        {
            _registry.Acquire(resource.Url);
            var state = _registry.Find(resource.Url)!;
            _registry.Answered(state, new AnswerFacts { Type = "text/css", CanBeKept = true, StaysFresh = true, Size = 1000 });
            state.Version = new ResourceVersionState(ResourceVersion.OfTag(state.CacheKey, "\"1\""), TimeSpan.FromHours(1), Cookies.Now.AddHours(1));
        }
    }

    [Fact]
    public void Of_a_new_client_nothing_is_known()
    {
        Assert.Null(_caches.Known(Request(), null, null, Plan()));
        Assert.Null(_caches.Known(Request(), null, "", Plan()));
        Assert.Null(_caches.Known(Request(), null, "garbage", Plan()));
    }

    [Fact]
    public void What_a_page_delivers_the_next_one_does_not()
    {
        var cookie = Value(Remember(Visit()));
        Assert.Equal([CacheEvidence.InCookie, CacheEvidence.InCookie, CacheEvidence.InCookie, CacheEvidence.None], _caches.Known(Request(), null, cookie, Plan())!);
    }

    [Fact]
    public void What_depends_on_the_screen_is_not_taken_as_fetched()
    {
        var cookie = Value(Remember(Visit()));
        Assert.DoesNotContain(State("/wide.css").Version!.Version, Cookies.Have(cookie, [State("/wide.css").Version!.Version]));
    }

    [Fact]
    public void It_is_delivered_when_it_has_expired_and_when_it_has_changed()
    {
        State("/a.css").Version = State("/a.css").Version! with { Lifetime = TimeSpan.FromMinutes(10) };
        var cookie = Value(Remember(Visit()));
        State("/b.css").Version = new ResourceVersionState(ResourceVersion.OfTag(State("/b.css").CacheKey, "\"2\""), TimeSpan.FromHours(1), default);
        Assert.Equal([CacheEvidence.InCookie, CacheEvidence.None, CacheEvidence.InCookie, CacheEvidence.None], _caches.Known(Request(), null, cookie, Plan())!);

        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([CacheEvidence.None, CacheEvidence.None, CacheEvidence.InCookie, CacheEvidence.None], _caches.Known(Request(), null, cookie, Plan())!);
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Null(_caches.Known(Request(), null, cookie, Plan()));
    }

    [Fact]
    public void A_hard_reload_knows_of_nothing_and_an_ordinary_one_of_all()
    {
        var cookie = Value(Remember(Visit()));
        Assert.Null(_caches.Known(Request(("Cache-Control", "no-cache")), null, cookie, Plan()));
        Assert.NotNull(_caches.Known(Request(("Cache-Control", "max-age=0")), null, cookie, Plan()));
    }

    [Fact]
    public void What_must_not_be_delivered_is_not_looked_for()
    {
        var cookie = Value(Remember(Visit()));
        _registry.Exclude(State("/a.css"), ResourceSkip.Missing);
        Assert.Equal([CacheEvidence.None, CacheEvidence.InCookie, CacheEvidence.InCookie, CacheEvidence.None], _caches.Known(Request(), null, cookie, Plan())!);
    }

    [Fact]
    public void What_is_not_delivered_is_counted_once_for_page_and_resource()
    {
        var cookie = Value(Remember(Visit()));
        var path = new LearnedPath([], 8);
        var visit = Visit(cookie, path);
        Assert.Equal(3, _caches.CountSaved(visit.Record, visit.Plan));
        Assert.Equal(3000, path.Totals.SavedBytes);
        Assert.Equal([1000, 1000, 1000, 0], Resources.Select(r => _registry.Find(r.Url)!.SavedBytes));
        Assert.Equal(0, _caches.CountSaved(Visit().Record, Plan()));
    }

    [Fact]
    public void The_cookie_is_not_written_again_while_nothing_changes()
    {
        var cookie = Value(Remember(Visit()));
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Null(Remember(Visit(cookie)));
    }

    [Fact]
    public void An_unknown_version_is_not_remembered()
    {
        foreach (var resource in Resources)
        {
            _registry.Find(resource.Url)!.Version = null;
        }

        Assert.Null(Remember(Visit()));
    }

    [Fact]
    public void A_response_that_may_be_shared_carries_none_and_another_is_made_private()
    {
        Assert.Null(Remember(Visit(), "public, max-age=60", out var shared));
        Assert.Equal("public, max-age=60", shared);
        Assert.NotNull(Remember(Visit(), "no-cache", out var own));
        Assert.Equal("no-cache, private", own);
    }

    public void Dispose() => _services.Dispose();

    private static HttpRequest Request(params (string Name, string Value)[] fields)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var (name, value) in fields)
        {
            request.Headers[name] = value;
        }

        return request;
    }

    private static string Value(string? setCookie) => setCookie!.Split(';')[0][(CacheCookie.Name.Length + 1)..];

    private ResourceState State(string path) => _registry.Find(new Uri("https://site.test" + path))!;

    private DeliveryPlan Plan() => DeliveryPlanner.Plan(Some.Page(Resources), new DeliveryPolicy(), r => _registry.WhyExcluded(r.Url), null, null, _registry.Find);

    private (DeliveryRecord Record, DeliveryPlan Plan) Visit(string? cookie = null, LearnedPath? path = null)
    {
        var plan = Plan();
        var knowledge = new PageKnowledge(path, null, null, PageSource.Learned, false);
        var key = new PageKey("all", "site.test", "/");
        var record = new DeliveryRecord(new PageVisit(NavigationKind.Document, PageSkip.None, key, "", false, knowledge, 0) { CacheCookie = cookie });
        _caches.Subtract(Request(), record, plan);
        return (record, plan);
    }

    private string? Remember((DeliveryRecord Record, DeliveryPlan Plan) view) => Remember(view, null, out _);

    private string? Remember((DeliveryRecord Record, DeliveryPlan Plan) view, string? cacheControl, out string? sent)
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Method) = ("https", "GET");
        http.Response.Headers.CacheControl = cacheControl;
        _caches.Remember(http, view.Record, view.Plan, new DeliveryPolicy());
        sent = http.Response.Headers.CacheControl;
        return http.Response.Headers.SetCookie.Count > 0 ? http.Response.Headers.SetCookie.Single() : null;
    }
}
