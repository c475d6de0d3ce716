using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PushProxy.Client;

namespace PushProxy.Forwarding;

/// <summary>
/// Ends a push whose promised request was answered before it reached the origin: no destination, a route that no longer exists, a rate
/// limit, an authorization policy. A client takes a pushed response for the resource itself, so only a 200 may be pushed.
/// <see cref="PageTransform"/> handles answers from the origin.
/// </summary>
internal sealed class UnkeptPromise(ResourceObserver resources) : IStartupFilter
{
    // Only HTTP/2 has promised requests. Checking whether a request was promised costs something, so only requests with an unusual end are
    // checked.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(pipeline => http =>
        {
            if (!HttpProtocol.IsHttp2(http.Request.Protocol))
            {
                return pipeline(http);
            }

            var answering = pipeline(http);
            if (!answering.IsCompletedSuccessfully)
            {
                return AnswerAsync(http, answering);
            }

            Answered(http);
            return Task.CompletedTask;
        });
        next(builder);
    };

    private async Task AnswerAsync(HttpContext http, Task answering)
    {
        try
        {
            await answering;
        }
        catch
        {
            // The server would answer with a 500.
            GiveUp(http);
            throw;
        }

        Answered(http);
    }

    // A failure of the proxy is temporary. A request that the proxy refuses, or for which it has no route, it will refuse the next time,
    // too.
    private void Answered(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.StatusCode == StatusCodes.Status200OK)
        {
            return;
        }

        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            GiveUp(http);
        }
        else
        {
            resources.ObservePushed(http, ClientConnections.Find(http), setsCookies: false, out _);
        }
    }

    private static void GiveUp(HttpContext http)
    {
        if (PushedResponse.Find(http, ClientConnections.Find(http)) is not null)
        {
            PushedResponse.GiveUp(http);
        }
    }
}
