using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using PushProxy.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Lets several instances of PushProxy know as one, by way of Redis.</summary>
public static class SharedRedisServiceCollectionExtensions
{
    /// <summary>
    /// Shares what is learned with other instances, after <c>AddPushProxy()</c>. As long as Redis can't be used, an instance is alone, and
    /// tells the others what it has learned as soon as it can.
    /// </summary>
    /// <param name="builder">The builder that <c>AddReverseProxy()</c> returned.</param>
    /// <param name="connectionString">What StackExchange.Redis takes: <c>host:port,password=…,ssl=true</c>.</param>
    /// <param name="configure">Changes the options.</param>
    /// <returns>The same builder, so that calls can be chained.</returns>
    /// <exception cref="ArgumentException">The connection string can't be used, or an option is out of range.</exception>
    public static IReverseProxyBuilder AddSharedRedis(
        this IReverseProxyBuilder builder, string connectionString, Action<SharedRedisOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(connectionString);
        var options = new SharedRedisOptions();
        configure?.Invoke(options);
        options.Check();
        RedisSharedRecords.CheckConnection(connectionString);
        builder.Services.AddMetrics();
        return builder.AddSharedRecords(services => new RedisSharedRecords(
            connectionString, options, services.GetRequiredService<IMeterFactory>(),
            services.GetRequiredService<ILogger<RedisSharedRecords>>()));
    }
}
