using Microsoft.AspNetCore.Http;

namespace PushProxy.Http2.Tests.Support;

/// <summary>Applications that several tests serve.</summary>
internal static class Apps
{
    /// <summary>Pushes from "/"; every path answers with its own text.</summary>
    public static RequestDelegate PagePushing(params string[] targets) => context =>
    {
        if (context.Request.Path == "/")
        {
            foreach (var target in targets)
            {
                context.ServerPush().TryPush(target);
            }
        }

        return context.Response.WriteAsync(context.Request.Path);
    };
}
