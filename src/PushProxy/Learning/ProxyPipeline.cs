using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace PushProxy.Learning;

/// <summary>Holds the application's own pipeline, so that learning fetches resources through the same routes as any request.</summary>
internal sealed class ProxyPipeline : IStartupFilter
{
    private RequestDelegate? _pipeline;

    /// <summary>The whole pipeline; null before the server has started.</summary>
    public RequestDelegate? Invoke => Volatile.Read(ref _pipeline);

    // This adds nothing to the pipeline and costs no request anything.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(pipeline =>
        {
            Volatile.Write(ref _pipeline, pipeline);
            return pipeline;
        });
        next(builder);
    };
}
