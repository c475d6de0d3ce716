using Microsoft.Extensions.DependencyInjection.Extensions;
using PushProxy;
using PushProxy.Cache;
using PushProxy.Knowledge.Saved;
using PushProxy.Knowledge.Sharing;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets several instances of PushProxy know as one.</summary>
public static class SharedRecordsServiceCollectionExtensions
{
    /// <summary>Shares what is learned with other instances, after <c>AddPushProxy()</c>.</summary>
    /// <param name="builder">The builder that <c>AddReverseProxy()</c> returned.</param>
    /// <param name="records">Makes what carries the records from one instance to the others.</param>
    /// <returns>The same builder, so that calls can be chained.</returns>
    public static IReverseProxyBuilder AddSharedRecords(
        this IReverseProxyBuilder builder, Func<IServiceProvider, ISharedRecords> records)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(records);
        builder.Services.TryAddSingleton(records);
        builder.Services.TryAddSingleton<SharedPurges>();
        builder.Services.TryAddSingleton<SeenElsewhere>();
        builder.Services.TryAddSingleton<SharedViews>();
        builder.Services.TryAddSingleton(static p => new SharedText(
            SavedRules.Of(p.GetRequiredService<LearningOptions>(), p.GetRequiredService<ShellOptions>())));
        builder.Services.TryAddSingleton<SharedNews>();
        builder.Services.TryAddSingleton<SharedKnowledge>();
        builder.Services.TryAddSingleton<SharedTeller>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHttpCachePurgeObserver, SharedPurges>(
            static p => p.GetRequiredService<SharedPurges>()));
        builder.Services.AddHostedService(static p => p.GetRequiredService<SharedTeller>());
        return builder;
    }
}
