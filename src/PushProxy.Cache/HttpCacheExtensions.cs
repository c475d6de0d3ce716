using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PushProxy.Cache;
using PushProxy.Cache.Diagnostics;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Serving;
using PushProxy.Cache.Store;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a shared HTTP cache to an application.</summary>
public static class HttpCacheExtensions
{
    /// <summary>Registers the cache. <see cref="UseHttpCache"/> puts it into the pipeline.</summary>
    /// <param name="services">The application's services. An <see cref="IHttpCachePolicy"/> among them decides for each request.</param>
    /// <param name="configure">Changes the default settings. If it is null, the defaults stay.</param>
    /// <returns>The same services, so that calls can be chained.</returns>
    /// <exception cref="OptionsValidationException">Thrown at start if settings are invalid. The message names all of them.</exception>
    public static IServiceCollection AddHttpCache(this IServiceCollection services, Action<HttpCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<HttpCacheOptions>().ValidateDataAnnotations().ValidateOnStart();
        if (configure is not null)
        {
            options.Configure(configure);
        }

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IHttpCachePolicy, AssetsOnly>();
        services.TryAddSingleton<ResponseStore>();
        services.TryAddSingleton<FlightTable>();
        services.TryAddSingleton<BytesUnderWay>();
        services.TryAddSingleton<HeadJudge>();
        services.TryAddSingleton(static p =>
        {
            var metrics = ActivatorUtilities.CreateInstance<HttpCacheMetrics>(p);
            var (store, flights) = (p.GetRequiredService<ResponseStore>(), p.GetRequiredService<FlightTable>());
            var memory = p.GetRequiredService<BytesUnderWay>();
            metrics.Watch("pushproxy.cache.size", "By", "Memory of all stored responses.", () => store.Bytes);
            metrics.Watch("pushproxy.cache.under_way", "By", "Memory of bodies that are on their way into the store.", () => memory.Taken);
            metrics.Watch("pushproxy.cache.urls", "{url}", "URLs that have stored responses.", () => store.Count);
            metrics.Watch("pushproxy.cache.flights", "{request}", "Shared requests that the origin is answering.", () => flights.Open);
            metrics.Watch("pushproxy.cache.waiting", "{request}", "Requests that wait for those of others.", () => flights.Waiting);
            return metrics;
        });
        services.TryAddSingleton<OriginRequests>();
        services.TryAddSingleton<StoreAnswers>();
        services.TryAddSingleton<StoredSizes>();
        services.TryAddSingleton<Invalidation>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IContentEncoder, ZstdContentEncoder>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IContentEncoder, BrotliContentEncoder>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IContentEncoder, GzipContentEncoder>());
        services.TryAddSingleton<BestForms>();
        services.TryAddSingleton<EncodingWorker>();
        services.TryAddSingleton<StreamedEncoding>();
        services.TryAddSingleton(static p => new HttpCachePurge(
            p.GetRequiredService<ResponseStore>(), p.GetServices<IHttpCachePurgeObserver>()));
        services.TryAddSingleton(static p => new HttpCacheStatistics(p.GetRequiredService<HttpCacheMetrics>()));
        return services;
    }

    /// <summary>
    /// Answers from the cache, and stores what comes after this in the pipeline. Put it after routing, so that a policy can tell routes
    /// apart, and before what asks the origin.
    /// </summary>
    /// <param name="app">The application. <see cref="AddHttpCache"/> must have been called.</param>
    /// <returns>The same application, so that calls can be chained.</returns>
    public static IApplicationBuilder UseHttpCache(this IApplicationBuilder app)
    {
        ArgumentNullException.ThrowIfNull(app);
        var services = app.ApplicationServices;
        return app.Use(next =>
        {
            var origin = ActivatorUtilities.CreateInstance<OriginMiddleware>(services, next);
            var encoded = new ResponseCompressionMiddleware(Unbuffered, services.GetRequiredService<StreamedEncoding>());
            return ActivatorUtilities.CreateInstance<HttpCacheMiddleware>(services, (RequestDelegate)encoded.Invoke, next).InvokeAsync;

            // What the origin has sent goes on at once: what is encoded is flushed where the origin flushes.
            Task Unbuffered(HttpContext http)
            {
                http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
                return origin.InvokeAsync(http);
            }
        });
    }

    private sealed class AssetsOnly : IHttpCachePolicy
    {
        public HttpCacheRules RulesOf(HttpContext context) => new(HttpCacheScope.Assets);
    }
}
