using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PushProxy;
using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Client.Pacing;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Forwarding;
using PushProxy.Knowledge;
using PushProxy.Learning;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PushProxy to a YARP application.</summary>
public static class PushProxyServiceCollectionExtensions
{
    /// <summary>Learns what the pages of all routes need, and delivers it early, with the settings of a configuration section.</summary>
    /// <param name="builder">What <c>AddReverseProxy()</c> returned.</param>
    /// <param name="section">
    /// The section <c>PushProxy</c>. Defaults and policies follow its changes; <c>Learning</c> and <c>ClientCache</c> are read at start. A
    /// change that does not validate is logged, and the running settings stay.
    /// </param>
    /// <exception cref="OptionsValidationException">At start, when a setting is out of range; it names them all.</exception>
    public static IReverseProxyBuilder AddPushProxy(this IReverseProxyBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<PushProxyOptions>>(
            new ConfigurationChangeTokenSource<PushProxyOptions>(Options.Options.DefaultName, section));
        return builder.AddPushProxy(options => options.Bind(section));
    }

    /// <summary>Learns what the pages of all routes need, and delivers it early.</summary>
    /// <param name="builder">What <c>AddReverseProxy()</c> returned.</param>
    /// <param name="configure">Changes the defaults.</param>
    /// <exception cref="OptionsValidationException">At start, when a setting is out of range; it names them all.</exception>
    public static IReverseProxyBuilder AddPushProxy(this IReverseProxyBuilder builder, Action<PushProxyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services
            .AddSettings()
            .AddDiagnostics()
            .AddKnowledge()
            .AddClients()
            .AddDelivery()
            .AddLearning()
            .AddForwarding();
        return builder;
    }

    private static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddOptions<PushProxyOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PushProxyOptions>, PushProxyOptionsValidator>());
        services.TryAddSingleton<IOptionsFactory<PushProxyOptions>, LastValidOptions>();
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.Learning);
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.ClientCache);
        services.TryAddSingleton<PolicyTable>();
        return services;
    }

    private static IServiceCollection AddDiagnostics(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(static p =>
        {
            var metrics = ActivatorUtilities.CreateInstance<PushProxyMetrics>(p);
            var (store, registry, copies) =
                (p.GetRequiredService<PageStore>(), p.GetRequiredService<ResourceRegistry>(), p.GetRequiredService<CopyBudget>());
            metrics.Watch("pushproxy.learned.paths", "{path}", "Paths whose pages are known.", () => store.Count);
            metrics.Watch("pushproxy.learned.bytes", "By", "Memory of all that is known of pages, estimated.", () => store.Size);
            metrics.Watch("pushproxy.learned.resources", "{resource}", "Resources that known pages name.", () => registry.Count);
            metrics.Watch("pushproxy.learning.buffered", "By", "Memory of copies of passing pages.", () => copies.Used);
            return metrics;
        });
        return services;
    }

    private static IServiceCollection AddKnowledge(this IServiceCollection services)
    {
        services.TryAddSingleton<ResourceRegistry>();
        services.TryAddSingleton<PageStore>();
        services.TryAddSingleton<ClientIdentities>();
        services.TryAddSingleton(static p => new KnownPages(p.GetRequiredService<PageStore>(), p.GetRequiredService<ResourceRegistry>()));
        return services;
    }

    private static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.TryAddSingleton<PacingLoad>();
        services.TryAddSingleton<ClientConnections>();
        return services;
    }

    private static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.TryAddSingleton<ClientCaches>();
        services.TryAddSingleton<DeliveryPlans>();
        services.TryAddSingleton<ResourcePusher>();
        services.TryAddSingleton<EarlyDelivery>();
        services.TryAddSingleton<PageAnswer>();
        return services;
    }

    private static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.TryAddSingleton(static p => new CopyBudget(p.GetRequiredService<LearningOptions>().MaxBufferedBytes));
        services.TryAddSingleton(static _ => new PageAnalyzer());
        services.TryAddSingleton<LearningQueue>();
        services.TryAddSingleton<ProxyPipeline>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter,
            ProxyPipeline>(static p => p.GetRequiredService<ProxyPipeline>()));
        services.TryAddSingleton<RouteFetcher>();
        services.TryAddSingleton<SiteResources>();
        services.TryAddSingleton<TrafficObserver>();
        services.AddHostedService<LearningWorker>();
        return services;
    }

    private static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.TryAddSingleton<ResourceObserver>();
        services.TryAddSingleton<PageDescriber>();
        services.TryAddSingleton<PageObserver>();
        services.TryAddSingleton<PageFlow>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, UnkeptPromise>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransformProvider, PushProxyTransformProvider>());
        return services;
    }
}
