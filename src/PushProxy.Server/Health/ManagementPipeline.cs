using System.Text.Json;
using PushProxy.Cache;
using PushProxy.Server.Configuration;
using PushProxy.Server.Dashboard;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Server.Health;

/// <summary>What the management listener answers.</summary>
internal static class ManagementPipeline
{
    /// <summary>Branches off all requests of the management listener; the others pass.</summary>
    public static void UseManagement(this WebApplication app, ManagementOptions options)
    {
        var access = new ManagementAccess(options);

        // It counts from now on, and not only since somebody has looked.
        _ = app.Services.GetRequiredService<DashboardSource>();
        app.UseWhen(
            static http => http.Features.Get<ManagementConnection>() is not null,
            branch => branch
                .Use(next => http => access.Refuses(http, out var answering) ? answering : next(http))
                .UseOpenTelemetryPrometheusScrapingEndpoint("/metrics")
                .Run(Answer));
    }

    /// <summary>Answers with one line of text.</summary>
    public static Task Text(HttpContext http, int status, string text)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "text/plain";
        return http.Response.WriteAsync(text + "\n");
    }

    private static Task Answer(HttpContext http)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.Request.Path.Value switch
        {
            "/" or "" => DashboardEndpoint.AnswerAsync(http),
            "/healthz/live" => Text(http, StatusCodes.Status200OK, "live"),
            "/healthz/ready" => Ready(http),
            "/pages" => Pages(http),
            "/proof" => http.Response.WriteAsJsonAsync(http.RequestServices.GetRequiredService<KnownProof>().List(), ProofJson.Options),
            "/purge" => Purge.AnswerAsync(http),
            _ => Text(
                http,
                StatusCodes.Status404NotFound,
                "The management listener has / (the dashboard), /healthz/live, /healthz/ready, /metrics, /pages, /proof and /purge."),
        };
    }

    /// <summary>
    /// Ready as long as some site can be served: one cluster that is down must not stop the others. Who stops is not ready, so that no
    /// balancer sends more.
    /// </summary>
    private static Task Ready(HttpContext http)
    {
        var states = http.RequestServices.GetRequiredService<IProxyStateLookup>().GetClusters()
            .ToDictionary(static c => c.ClusterId, static c => c.DestinationsState.AllDestinations.Count(IsHealthy));
        var stopping = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested;
        var ready = !stopping && (states.Count == 0 || states.Values.Any(static available => available > 0));
        http.Response.StatusCode = ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        http.Response.ContentType = "application/json";
        var body = new { status = stopping ? "stopping" : ready ? "ready" : "no healthy destination", clusters = states };
        return http.Response.WriteAsync(JsonSerializer.Serialize(body) + "\n");
    }

    /// <summary>Lists the pages that may be told to everybody, with the bytes saved and wasted, and what the store did by route.</summary>
    private static Task Pages(HttpContext http)
    {
        var services = http.RequestServices;
        var routes = services.GetRequiredService<HttpCacheStatistics>().List().Select(static t => new
        {
            route = t.Name,
            t.Hits,
            t.Stale,
            t.Revalidated,
            t.Coalesced,
            t.Misses,
            t.Bypassed,
            t.SavedBytes,
            t.EncodingSavedBytes,
        });
        return http.Response.WriteAsJsonAsync(new
        {
            pages = services.GetRequiredService<KnownPages>().List(),
            shells = services.GetRequiredService<KnownShells>().List(),
            routes,
        });
    }

    // Not YARP's AvailableDestinations: when all are down, its default policy counts them all as available.
    private static bool IsHealthy(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };
}
