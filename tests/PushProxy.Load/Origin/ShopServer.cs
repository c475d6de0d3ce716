using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Load.Origin;

/// <summary>
/// <c>shop</c>: the site behind the proxies of <c>pageload</c>: HTTP/1.1, everything in memory, and a page that takes its time.
/// </summary>
internal static class ShopServer
{
    private const string Version = "\"1\"";

    public static Command Create()
    {
        var think = new Option<int>("--think")
        {
            Description = "How long the page takes before its first byte, ms.",
            DefaultValueFactory = static _ => 200,
        };
        var command = new Command("shop", "Serve the site whose page pageload loads, on a port the system chooses.") { think };
        command.SetAction(async (result, cancellation) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http1));
            var app = builder.Build();
            var delay = TimeSpan.FromMilliseconds(result.GetValue(think));
            app.Run(http => AnswerAsync(http, delay));
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {app.Urls.Single()}");
            await app.WaitForShutdownAsync(cancellation);
        });
        return command;
    }

    /// <summary>Answers what is asked of the shop: its page, after a while, or a resource.</summary>
    public static Task AnswerAsync(HttpContext http, TimeSpan think) =>
        http.Request.Path.Value == ShopPage.Path ? AnswerPageAsync(http, think) : AnswerResourceAsync(http);

    private static async Task AnswerPageAsync(HttpContext http, TimeSpan think)
    {
        if (think > TimeSpan.Zero)
        {
            await Task.Delay(think, http.RequestAborted);
        }

        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.ContentLength = ShopPage.Length;
        await http.Response.Body.WriteAsync(ShopPage.Html());
    }

    private static Task AnswerResourceAsync(HttpContext http)
    {
        if (!ShopPage.Resources.TryGetValue(http.Request.Path.Value!, out var resource))
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        }

        http.Response.Headers.ETag = Version;
        http.Response.Headers.CacheControl = "public, max-age=3600";
        if (http.Request.Headers.IfNoneMatch == Version)
        {
            http.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        http.Response.ContentType = resource.Type;
        http.Response.ContentLength = resource.Body.Length;
        return http.Response.Body.WriteAsync(resource.Body).AsTask();
    }
}
