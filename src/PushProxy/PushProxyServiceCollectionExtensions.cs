using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PushProxy;
using PushProxy.Analysis;
using PushProxy.ClientCache;
using PushProxy.Connections;
using PushProxy.Delivery;
using PushProxy.Diagnostics;
using PushProxy.Forwarding;
using PushProxy.Learning;
using PushProxy.Pages;
using PushProxy.Traffic;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds PushProxy to a YARP application.</summary>
public static class PushProxyServiceCollectionExtensions
{
    /// <summary>Learns what the pages of all routes need, and delivers it early, with the settings of a configuration section.</summary>
    /// <param name="builder">What <c>AddReverseProxy()</c> returned.</param>
    /// <param name="section">The section <c>PushProxy</c>. Defaults and policies follow its changes; <c>Learning</c> and <c>ClientCache</c> are read at start.</param>
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
        var services = builder.Services;
        services.AddOptions<PushProxyOptions>();
        if (configure is not null)
        {
            services.Configure(configure);
        }

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.Learning);
        services.TryAddSingleton(static p => p.GetRequiredService<IOptionsMonitor<PushProxyOptions>>().CurrentValue.ClientCache);
        services.TryAddSingleton<ClientCaches>();
        services.TryAddSingleton(static p => new CopyBudget(p.GetRequiredService<LearningOptions>().MaxBufferedBytes));
        services.TryAddSingleton(static _ => new PageAnalyzer());
        services.TryAddSingleton<PolicyTable>();
        services.TryAddSingleton<ResourceRegistry>();
        services.TryAddSingleton<PageStore>();
        services.TryAddSingleton(static p => new KnownPages(p.GetRequiredService<PageStore>(), p.GetRequiredService<ResourceRegistry>()));
        services.TryAddSingleton<ClientIdentities>();
        services.TryAddSingleton<PacingLoad>();
        services.TryAddSingleton<ResourcePusher>();
        services.TryAddSingleton<ResourceObserver>();
        services.TryAddSingleton<TrafficObserver>();
        services.TryAddSingleton<EarlyDelivery>();
        services.TryAddSingleton<LearningQueue>();
        services.TryAddSingleton<ProxyPipeline>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, ProxyPipeline>(static p => p.GetRequiredService<ProxyPipeline>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IStartupFilter, UnkeptPromise>());
        services.TryAddSingleton<RouteFetcher>();
        services.TryAddSingleton<SiteStylesheets>();
        services.TryAddSingleton<PageObserver>();
        services.TryAddSingleton<PageHandler>();
        services.TryAddSingleton<PushProxyMetrics>();
        services.AddHostedService<LearningWorker>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<ITransformProvider, PushProxyTransformProvider>());
        return builder;
    }
}
