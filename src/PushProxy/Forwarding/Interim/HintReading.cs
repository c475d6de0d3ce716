using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using PushProxy.Diagnostics;

namespace PushProxy.Forwarding.Interim;

/// <summary>Gives each request what its origin's hints go to, before everything else.</summary>
internal sealed class HintReading(PushProxyMetrics metrics, ILogger<OriginHints> logger) : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(pipeline => http =>
        {
            OriginHints.Current = new OriginHints(http, metrics, logger);
            return pipeline(http);
        });
        next(builder);
    };
}
