using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using PushProxy.Diagnostics;

namespace PushProxy.Forwarding.Interim;

/// <summary>Gives each request that can use hints of its origin what they go to, before everything else.</summary>
internal sealed class HintReading(PushProxyMetrics metrics, ILogger<OriginHints> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(pipeline => http =>
        {
            if (MayUse(http.Request))
            {
                OriginHints.Current = new OriginHints(http, metrics, logger);
            }
            else if (OriginHints.Current is not null)
            {
                OriginHints.Current = null;
            }

            return pipeline(http);
        });
        next(builder);
    };

    // Browsers take hints for documents alone, and say so when they ask for something else. Most requests are for something else.
    private static bool MayUse(HttpRequest request) =>
        request.Headers["Sec-Fetch-Dest"] is not [{ } destination]
        || destination is "document" or "iframe" or "frame" or "object" or "embed";
}
