using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PushProxy.Client;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>
/// Ends a push whose promised request was answered before it reached the origin: no destination, a route that no longer exists, a rate
/// limit, an authorization policy. A client takes a pushed response for the resource itself, so only a 200 may be pushed.
/// <see cref="PageTransform"/> handles answers from the origin.
/// </summary>
internal sealed class UnkeptPromise(ResourceObserver resources) : IStartupFilter
{
    // Only connections that something was pushed on have promised requests, and most are none. Checking whether a request was promised
    // costs something, so of these only requests with an unusual end are checked.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => builder =>
    {
        builder.Use(pipeline => http =>
        {
            if (!HttpProtocol.IsHttp2(http.Request.Protocol) || ClientConnections.Find(http) is not { HasPushed: true })
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

    // A failure of the proxy is temporary, and an answer to a client that is gone says nothing about the resource: YARP answers 400 in the
    // origin's place. What the proxy redirects or forbids, or has no route for, it will refuse the next time, too.
    private void Answered(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.StatusCode == StatusCodes.Status200OK)
        {
            return;
        }

        if (http.Response.StatusCode >= StatusCodes.Status500InternalServerError || OriginAnswer.IsBroken(http))
        {
            GiveUp(http);
        }
        else
        {
            resources.ObservePushed(http, ClientConnections.Find(http), setsCookies: false, isOrigins: false, out _);
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
