using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PushProxy.Cache;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;
using PushProxy.Client;
using PushProxy.Client.Pacing;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Http2;
using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Delivery;

/// <summary>What becomes of a page's resources on a connection that takes pushes.</summary>
public sealed class ResourcePusherTests : IDisposable
{
    private readonly ResourceRegistry _registry = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly ResponseStore _store = new(Options.Create(new HttpCacheOptions()), TimeProvider.System);
    private readonly ResourcePusher _pusher;

    public ResourcePusherTests()
    {
        var metrics = new PushProxyMetrics(_services.GetRequiredService<IMeterFactory>());
        var connections = new ClientConnections(new ClientCacheOptions(), new PacingLoad(), TimeProvider.System);
        var stored = new StoredSizes(_store);
        _pusher = new ResourcePusher(
            _registry, connections, stored, new LearningOptions(), TimeProvider.System, metrics, NullLogger<ResourcePusher>.Instance);
    }

    [Fact]
    public void What_is_not_pushed_has_the_rank_of_a_push_when_the_client_asks_for_it()
    {
        var policy = new DeliveryPolicy();
        var resources = new[] { Some.Style("/a.css"), Some.Script("/b.js") };
        foreach (var resource in resources)
        {
            _registry.Acquire(resource.Url);
            _registry.Answered(_registry.Find(resource.Url)!, new AnswerFacts { StaysFresh = true, Size = 1000 });
        }

        var plan = DeliveryPlanner.Plan(Some.Page(resources), policy, static _ => ResourceSkip.None, null, null, _registry.Find);
        var record = new DeliveryRecord(
            new PageVisit(NavigationKind.Document, PageSkip.None, new PageKey("all", "site.test", "/"), "", false, default, 0));
        var http = new DefaultHttpContext();
        http.Features.Set<IServerPushFeature>(new RefusingPush());
        http.Features.Set<IConnectionItemsFeature>(new ConnectionItems());

        // The client takes no more pushes: neither is on its way.
        _pusher.Push(http, record, plan, policy, new PageForecast(TimeSpan.FromSeconds(1), 1000));

        Assert.Equal(PushSkip.PushLimit, record.WhyNotPushed("https://site.test/a.css"));
        var connection = record.Connection!;
        var (style, script) = (connection.TakeHinted("/a.css"), connection.TakeHinted("/b.js"));
        Assert.True(style!.Order.IsBlocking && script!.Order.IsBlocking);
        Assert.True(style.Order.CompareTo(script.Order) < 0);
        Assert.Null(connection.UnderWay("/a.css"));
        Assert.Null(connection.TakeHinted("/a.css"));
    }

    public void Dispose() => _services.Dispose();

    private sealed class RefusingPush : IServerPushFeature
    {
        public PushOutcome Availability => PushOutcome.Pushed;

        public ServerPush? Promised => null;

        public PushResult TryPush(string target, IEnumerable<KeyValuePair<string, string>>? headers = null, string method = "GET") =>
            new(PushOutcome.LimitReached, null);
    }

    private sealed class ConnectionItems : IConnectionItemsFeature
    {
        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();
    }
}
