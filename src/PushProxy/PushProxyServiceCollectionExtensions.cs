using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PushProxy;
using PushProxy.Analysis;
using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Client.Arms;
using PushProxy.Client.Pacing;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Forwarding;
using PushProxy.Forwarding.Beacon;
using PushProxy.Forwarding.Interim;
using PushProxy.Forwarding.Shells;
using PushProxy.Inspection;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Shells;
using PushProxy.Learning;
using PushProxy.Proof;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PushProxy to an application that uses YARP.</summary>
public static class PushProxyServiceCollectionExtensions
{
    /// <summary>Learns what the pages of all routes need and delivers it early. The settings come from a configuration section.</summary>
    /// <param name="builder">The builder that <c>AddReverseProxy()</c> returned.</param>
    /// <param name="section">
    /// The section <c>PushProxy</c>. Changes to <c>Defaults</c> and <c>Policies</c> take effect at once. <c>Learning</c> and
    /// <c>ClientCache</c> are read only at start. If a change does not validate, it is logged and the running settings stay in force.
    /// </param>
    /// <returns>The same builder, so that calls can be chained.</returns>
    /// <exception cref="OptionsValidationException">Thrown at start if settings are invalid. The message names all of them.</exception>
    public static IReverseProxyBuilder AddPushProxy(this IReverseProxyBuilder builder, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(section);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<PushProxyOptions>>(
            new ConfigurationChangeTokenSource<PushProxyOptions>(Options.Options.DefaultName, section));
        return builder.AddPushProxy(options => options.Bind(section));
    }

    /// <summary>Learns what the pages of all routes need and delivers it early. The settings come from code.</summary>
    /// <param name="builder">The builder that <c>AddReverseProxy()</c> returned.</param>
    /// <param name="configure">Changes the default settings. If it is null, the defaults stay.</param>
    /// <returns>The same builder, so that calls can be chained.</returns>
    /// <exception cref="OptionsValidationException">Thrown at start if settings are invalid. The message names all of them.</exception>
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
            .AddBeacon()
            .AddForwarding()
            .AddStore();
        return builder;
    }

    private static IServiceCollection AddSettings(this IServiceCollection services)
    {
        services.AddOptions<PushProxyOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<PushProxyOptions>, PushProxyOptionsValidator>());
        services.TryAddSingleton<IOptionsFactory<PushProxyOptions>, LastValidOptions>();
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.Learning);
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.ClientCache);
        services.TryAddSingleton(static p =>
            Options.Options.Create(p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.Cache));
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.Shell);
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
            metrics.Watch("pushproxy.learned.paths", "{path}", "Paths whose pages were learned.", () => store.Count);
            metrics.Watch("pushproxy.learned.bytes", "By", "Estimated memory of all learned pages.", () => store.Size);
            metrics.Watch("pushproxy.learned.resources", "{resource}", "Resources that learned pages name.", () => registry.Count);
            var shells = p.GetRequiredService<ShellStore>();
            metrics.Watch("pushproxy.shells.bytes", "By", "Estimated memory of all shells.", () => shells.Size);
            metrics.Watch("pushproxy.learning.buffered", "By", "Memory of the copies of passing pages.", () => copies.Used);
            copies.GaveUp = metrics.NotLearned;
            return metrics;
        });
        return services;
    }

    private static IServiceCollection AddKnowledge(this IServiceCollection services)
    {
        services.TryAddSingleton(static p => FileOf(p));
        services.TryAddSingleton(static p => p.GetRequiredService<KnowledgeFile>().Records);
        services.TryAddSingleton<KnowledgeKeeper>();
        services.AddHostedService(static p => p.GetRequiredService<KnowledgeKeeper>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpCachePurgeObserver, KnowledgeKeeper>(
            static p => p.GetRequiredService<KnowledgeKeeper>()));
        services.TryAddSingleton<ResourceRegistry>();
        services.TryAddSingleton<PageStore>();
        services.TryAddSingleton<ShellStore>();
        services.TryAddSingleton<ClientIdentities>();
        services.TryAddSingleton<ProofBook>();
        services.TryAddSingleton(static p => new KnownProof(p.GetRequiredService<ProofBook>()));
        services.TryAddSingleton(static p => new KnownShells(p.GetRequiredService<ShellStore>()));
        services.TryAddSingleton(static p => new KnownPages(p.GetRequiredService<PageStore>(), p.GetRequiredService<ResourceRegistry>()));
        return services;
    }

    private static KnowledgeFile FileOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue;
        return new KnowledgeFile(
            options.Learning.Persist == false ? null : options.DataDirectory, SavedRules.Of(options.Learning, options.Shell),
            RouteDestinations.Of(services.GetServices<IProxyConfigProvider>()), options.Learning.CacheBytes + options.Shell.CacheBytes,
            services.GetRequiredService<ILogger<KnowledgeFile>>());
    }

    private static IServiceCollection AddClients(this IServiceCollection services)
    {
        services.TryAddSingleton<PacingLoad>();
        services.TryAddSingleton<ClientConnections>();
        services.TryAddSingleton<VisitorArms>();
        services.TryAddSingleton<VisitorShares>();
        services.TryAddSingleton<ViewClock>();
        return services;
    }

    private static IServiceCollection AddDelivery(this IServiceCollection services)
    {
        services.TryAddSingleton<ClientCaches>();
        services.TryAddSingleton<DeliveryPlans>();
        services.TryAddSingleton<ResourcePusher>();
        services.TryAddSingleton<EarlyDelivery>();
        services.TryAddSingleton<PageAnswer>();
        services.TryAddSingleton<PageSurveyor>();
        return services;
    }

    private static IServiceCollection AddLearning(this IServiceCollection services)
    {
        services.TryAddSingleton(static p =>
            new CopyBudget(p.GetRequiredService<LearningOptions>(), p.GetRequiredService<TimeProvider>()));
        services.TryAddSingleton(static p => AnalyzerOf(p.GetRequiredService<LearningOptions>()));
        services.TryAddSingleton<CostlyPages>();
        services.TryAddSingleton<DestinationNames>();
        services.TryAddSingleton<WrongDeliveries>();
        services.TryAddSingleton<Spending>();
        services.TryAddSingleton<LearningQueue>();
        services.TryAddSingleton<ComputingTurns>();
        services.TryAddSingleton<FetchSlots>();
        services.TryAddSingleton<ProxyPipeline>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter,
            ProxyPipeline>(static p => p.GetRequiredService<ProxyPipeline>()));
        services.TryAddSingleton<RouteFetcher>();
        services.TryAddSingleton<SiteResources>();
        services.TryAddSingleton<TrafficObserver>();
        services.TryAddSingleton<ResourceProbe>();
        services.AddHostedService(static p => p.GetRequiredService<ResourceProbe>());
        services.AddHostedService<LearningWorker>();
        services.AddHostedService<ShellCutter>();
        return services;
    }

    private static PageAnalyzer AnalyzerOf(LearningOptions options) =>
        new(new AnalysisOptions { MaxTime = options.MaxAnalysisTime, MaxMemory = options.MaxAnalysisBytes });

    private static IServiceCollection AddStore(this IServiceCollection services)
    {
        services.TryAddSingleton<IHttpCachePolicy, RouteCacheRules>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpCacheObserver, StoreObserver>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpCachePurgeObserver, PurgedKnowledge>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, OwnCookie>());
        return services.AddHttpCache();
    }

    private static IServiceCollection AddBeacon(this IServiceCollection services)
    {
        services.TryAddSingleton<IViewGroups, VisitorViewGroups>();
        services.TryAddSingleton<BeaconMetrics>();
        services.TryAddSingleton<OpenTags>();
        services.TryAddSingleton<BeaconPages>();
        services.TryAddSingleton<BeaconRoutes>();
        services.TryAddSingleton<BeaconEndpoint>();
        return services;
    }

    private static IServiceCollection AddForwarding(this IServiceCollection services)
    {
        services.TryAddSingleton<ResourceObserver>();
        services.TryAddSingleton<PageRecall>();
        services.TryAddSingleton<PageDescriber>();
        services.TryAddSingleton<PageObserver>();
        services.TryAddSingleton<ViewArms>();
        services.TryAddSingleton<PageFlow>();
        services.TryAddSingleton<NoPage>();
        services.TryAddSingleton<RequestObserver>();
        services.TryAddSingleton<KeptAnswers>();
        services.TryAddSingleton<ShellLearner>();
        services.TryAddSingleton<ShellFlow>();
        ShellForwarder.Wrap(services);
        AsSentTransforms.Wrap(services);
        if (services.LastOrDefault(static s => s.ServiceType == typeof(IForwarderHttpClientFactory)) is
            { ImplementationType: { } factory } stock && factory == typeof(ForwarderHttpClientFactory))
        {
            services.Remove(stock);
            services.AddSingleton<IForwarderHttpClientFactory, HintReadingClientFactory>();
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, HintReading>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, UnkeptPromise>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransformProvider, PushProxyTransformProvider>());
        return services;
    }
}
