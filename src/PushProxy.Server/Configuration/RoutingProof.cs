using System.Diagnostics;
using Microsoft.AspNetCore.DataProtection;
using Yarp.ReverseProxy.Configuration;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Builds the routes as the program does, and sends each of them a request that goes no further than routing. What YARP and routing
/// refuse only then would otherwise end a start, or leave a running program with its old routes until the next start.
/// </summary>
internal static class RoutingProof
{
    /// <param name="section">The section <c>ReverseProxy</c>, in which nothing else is wrong.</param>
    /// <param name="hasOrigin">Whether there is the route of <c>PushProxy:Origin</c>, too.</param>
    public static async Task<IReadOnlyList<ConfigurationError>> TryAsync(IConfigurationSection section, bool hasOrigin)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.ClearProviders());
        services.AddMetrics();
        services.AddSingleton(section);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().Build());
        services.AddSingleton(new DiagnosticListener(nameof(RoutingProof)));
        services.AddAuthorizationCore();
        services.AddRouting();
        var proxy = services.AddReverseProxy().LoadFromConfig(section).AddConfigFilter<WithoutProbes>();
        if (hasOrigin)
        {
            proxy.LoadFromMemory([OriginRoute.Route], [OriginRoute.Cluster(new Uri("http://localhost/"))]).AddConfigFilter<OriginFilter>();
        }

        // Nothing is to be encrypted, and no keys are to be kept.
        services.AddSingleton<IDataProtectionProvider, EphemeralDataProtectionProvider>();
        await using var provider = services.BuildServiceProvider();
        try
        {
            var app = new ApplicationBuilder(provider);
            app.UseRouting();
            app.Run(static _ => Task.CompletedTask);
            app.UseEndpoints(static endpoints => endpoints.MapReverseProxy(static _ => { }));
            var routing = app.Build();

            // The first request makes routing build what it needs for all routes.
            await routing(Request(provider, "GET", "/"));
            return await AmbiguitiesAsync(section, provider, routing);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return [new($"{section.Path}:Routes", $"can't be used: {e.GetBaseException().Message}")];
        }
    }

    private static async Task<List<ConfigurationError>> AmbiguitiesAsync(
        IConfigurationSection section, IServiceProvider services, RequestDelegate routing)
    {
        var errors = new List<ConfigurationError>();
        foreach (var route in services.GetServices<IProxyConfigProvider>().SelectMany(static p => p.GetConfig().Routes))
        {
            foreach (var request in SampleRequests.Of(route, () => Request(services, "GET", "/")))
            {
                try
                {
                    await routing(request);
                }
                catch (Exception e) when (e.GetType().Name == "AmbiguousMatchException")
                {
                    // Its message has a line for each route: the name that YARP gave the endpoint.
                    var names = e.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1);
                    errors.Add(new($"{section.Path}:Routes:{route.RouteId}",
                        $"{request.Request.Method} {request.Request.Host}{request.Request.Path} is for several routes, and would be "
                        + $"answered with 500: {string.Join(", ", names)}; give one of them another Match or Order"));
                    break;
                }
            }
        }

        // Each of the routes that meet has found the others.
        return [.. errors.DistinctBy(static e => e.Message[e.Message.IndexOf("500:", StringComparison.Ordinal)..])];
    }

    private static DefaultHttpContext Request(IServiceProvider services, string method, string path)
    {
        var context = new DefaultHttpContext { RequestServices = services };
        (context.Request.Method, context.Request.Path, context.Request.Scheme) = (method, path, "http");
        context.Request.Host = new HostString("localhost");
        return context;
    }

    // A check of a configuration does not ask the destinations for their health.
    private sealed class WithoutProbes : IProxyConfigFilter
    {
        public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
            new(cluster with { HealthCheck = null });

        public ValueTask<RouteConfig> ConfigureRouteAsync(RouteConfig route, ClusterConfig? cluster, CancellationToken cancel) =>
            new(route);
    }
}
