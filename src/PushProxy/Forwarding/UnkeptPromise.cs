using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using PushProxy.Client;

namespace PushProxy.Forwarding;

/// <summary>
/// Ends pushes that something before the origin has answered: no destination, no route any more, a rate limit, an authorization policy. A
/// client takes what is pushed for what the resource is, so anything but a 200 must not be. What comes from the origin has been
/// looked at before (<see cref="PageTransform"/>).
/// </summary>
internal sealed class UnkeptPromise(ResourceObserver resources) : IStartupFilter
{
    // Nothing is promised but on HTTP/2. To ask whether a request was costs something, so only those are asked that came to another end
    // than most.
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
            // The server would make a 500 of it.
            GiveUp(http);
            throw;
        }

        Answered(http);
    }

    // Failures of the proxy pass by. What it refuses or has no more, it will refuse the next time.
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
