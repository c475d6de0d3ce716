using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PushProxy.Client;
using PushProxy.Client.Pacing;
using PushProxy.Diagnostics;
using PushProxy.Forwarding;
using PushProxy.Knowledge;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding;

/// <summary>What the answer for a resource says of it.</summary>
public sealed class ResourceObserverTests : IDisposable
{
    private static readonly Uri Css = new("https://site.test/a.css?v=1");
    private readonly ResourceRegistry _registry = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly PageStore _store;
    private readonly ResourceObserver _observer;

    public ResourceObserverTests()
    {
        _store = new PageStore(new LearningOptions(), _registry, TimeProvider.System);
        var metrics = new PushProxyMetrics(_services.GetRequiredService<IMeterFactory>());
        var connections = new ClientConnections(new ClientCacheOptions(), new PacingLoad(), TimeProvider.System);
        _observer = new ResourceObserver(
            _registry, new ClientCacheOptions(), connections, new ClientIdentities(new LearningOptions()), TimeProvider.System, metrics, NullLogger<ResourceObserver>.Instance);
        _registry.Acquire(Css);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(410)]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    [InlineData(401)]
    [InlineData(403)]
    public void What_is_not_there_for_one_who_asks_is_missing_until_it_is(int status)
    {
        Observe(status);
        Assert.Equal(ResourceSkip.Missing, _registry.WhyExcluded(Css));
        Observe(500);
        Assert.Equal(ResourceSkip.Missing, _registry.WhyExcluded(Css));
        Observe(200);
        Assert.Equal(ResourceSkip.None, _registry.WhyExcluded(Css));
    }

    [Theory]
    [InlineData(206)]
    [InlineData(400)]
    [InlineData(412)]
    [InlineData(416)]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public void What_one_client_or_one_moment_caused_is_no_evidence(int status)
    {
        Observe(status);
        Assert.Equal(ResourceSkip.None, _registry.WhyExcluded(Css));
    }

    [Theory]
    [InlineData("private", false, true)]
    [InlineData("max-age=60, Private", false, true)]
    [InlineData("no-store", false, true)]
    [InlineData("public, max-age=60", false, false)]
    [InlineData("no-cache", false, false)]
    [InlineData(null, false, false)]
    [InlineData(null, true, true)]
    public void What_is_not_for_everybody_is_told_to_nobody(string? cacheControl, bool setsCookies, bool isPrivate)
    {
        Observe(200, cacheControl, setsCookies);
        Assert.Equal(isPrivate ? ResourceSkip.PrivateResource : ResourceSkip.None, _registry.WhyExcluded(Css));
    }

    [Fact]
    public void Its_length_is_remembered()
    {
        Assert.Equal(-1, _registry.Find(Css)!.Size);
        Observe(200, length: 1234);
        Observe(200);
        Observe(304);
        Assert.Equal(1234, _registry.Find(Css)!.Size);
    }

    public void Dispose()
    {
        _store.Dispose();
        _services.Dispose();
    }

    private void Observe(int status, string? cacheControl = null, bool setsCookies = false, long? length = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Host = new HostString("site.test");
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = "/a.css?v=1";
        http.Response.StatusCode = status;
        http.Response.Headers.CacheControl = cacheControl;
        http.Response.ContentLength = length;
        _observer.Observe(http, connection: null, setsCookies);
    }
}
