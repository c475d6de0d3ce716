using PushProxy.Cache;
using PushProxy.Client;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.AccessLog;

/// <summary>Notes each request of a client for the access log. What the proxy fetches itself to learn is nobody's request.</summary>
internal sealed class AccessLogMiddleware(RequestDelegate next, AccessLogWriter log, TimeProvider time)
{
    private readonly Action<AccessRecord> _add = log.Add;

    public Task InvokeAsync(HttpContext http) =>
        http.Features.Get<RequestNotes>() is { IsLearning: true } ? next(http) : LogAsync(http);

    private async Task LogAsync(HttpContext http)
    {
        var notes = AccessNotes.AddTo(http, time, _add);
        try
        {
            await next(http);
        }
        catch
        {
            notes.Threw();
            throw;
        }

        notes.Passed();
    }
}

/// <summary>Adds the access log to the program. If it is off, nothing is added, and no request costs anything.</summary>
internal static class AccessLogging
{
    public static void AddAccessLog(this IServiceCollection services, AccessLogOptions options)
    {
        if (options.Format != AccessLogFormat.Off)
        {
            services.AddSingleton(options);
            services.AddSingleton<AccessLogMetrics>();
            services.AddSingleton<AccessLogWriter>();
            services.AddHostedService(static provider => provider.GetRequiredService<AccessLogWriter>());
            services.AddSingleton<IHttpCacheOutcomeObserver, CacheNotes>();
        }
    }

    /// <summary>Logs what comes after it in the pipeline.</summary>
    public static void UseAccessLog(this WebApplication app, AccessLogOptions options)
    {
        if (options.Format != AccessLogFormat.Off)
        {
            app.UseMiddleware<AccessLogMiddleware>();
        }
    }

    private sealed class CacheNotes : IHttpCacheOutcomeObserver
    {
        public void Answered(HttpContext context, string outcome) => context.Features.Get<AccessNotes>()?.Cache = outcome;
    }
}
