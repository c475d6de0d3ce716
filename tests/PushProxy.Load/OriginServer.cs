using System.CommandLine;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PushProxy.Load.Origin;
using PushProxy.Load.Site;

namespace PushProxy.Load;

/// <summary>The site behind the proxies: HTTP/1.1, everything in memory.</summary>
internal static class OriginServer
{
    private static readonly string Head =
        "<!DOCTYPE html><html><head><meta charset=utf-8><title>Load</title>"
        + "<link rel=stylesheet href=/app1.css><link rel=stylesheet href=/app2.css><link rel=stylesheet href=/app3.css>"
        + "<script src=/app1.js></script><script src=/app2.js></script></head>";

    private const string Paragraph = "<p>The quick brown fox jumps over the lazy dog while the old server thinks about it.</p>\n";

    private static readonly byte[] Page = Encoding.UTF8.GetBytes(
        Head + "<body>" + string.Concat(Enumerable.Repeat(Paragraph, 280)) + "</body></html>");

    private static readonly byte[] Asset = Encoding.UTF8.GetBytes(
        string.Concat(Enumerable.Repeat(".rule { color: #123456; margin: 0 auto }\n", 375)));

    private static long _answers;

    public static Command Command()
    {
        var think = new Option<int>("--think") { Description = "Milliseconds it thinks before it answers with a page under /site/." };
        var addresses = new Option<int>("--addresses")
        {
            Description = "Ports it listens on. /counted tells the requests under /site/ and /shop that came to the port it is asked on.",
            DefaultValueFactory = static _ => 1,
        };
        var command = new Command("origin", "Serve the site that is measured, on a port the system chooses.") { think, addresses };
        command.SetAction(async (result, cancellation) =>
        {
            var site = new SiteOrigin(TimeSpan.FromMilliseconds(result.GetValue(think)));
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel =>
            {
                for (var i = 0; i < result.GetValue(addresses); i++)
                {
                    kestrel.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http1);
                }
            });
            var app = builder.Build();
            var counter = new OriginCounter();
            app.Run(http =>
            {
                if (http.Request.Path.StartsWithSegments(ShopPage.Path))
                {
                    counter.Count(http);
                    return ShopServer.AnswerAsync(http, TimeSpan.Zero);
                }

                if (http.Request.Path == OriginCounter.Path)
                {
                    return http.Response.WriteAsync(counter.Of(http.Connection.LocalPort).ToJson());
                }

                if (!http.Request.Path.StartsWithSegments("/site", out var rest) || !rest.HasValue)
                {
                    return Answer(http);
                }

                counter.Count(http);
                return site.AnswerAsync(http);
            });
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {string.Join(' ', app.Urls)}");
            await app.WaitForShutdownAsync(cancellation);
        });
        return command;
    }

    /// <summary>
    /// <c>/page</c> names no version, <c>/tagged</c> does; <c>/changing</c> is another each time, as is each <c>/new/…</c>; everything
    /// else is a stylesheet.
    /// </summary>
    private static Task Answer(HttpContext http)
    {
        if (http.Request.Path.Value is "/changing" || http.Request.Path.StartsWithSegments("/new"))
        {
            return AnswerAnewAsync(http.Response);
        }

        var isPage = http.Request.Path.Value is "/page" or "/tagged";
        var body = isPage ? Page : Asset;
        var headers = http.Response.Headers;
        headers.ContentType = isPage ? "text/html; charset=utf-8" : "text/css";
        headers.CacheControl = isPage ? "no-cache" : "public, max-age=3600";
        headers.ContentLength = body.Length;
        if (http.Request.Path.Value != "/page")
        {
            headers.ETag = "\"1\"";
        }

        return http.Response.Body.WriteAsync(body).AsTask();
    }

    private static async Task AnswerAnewAsync(HttpResponse response)
    {
        var end = Encoding.ASCII.GetBytes($"<!-- {Interlocked.Increment(ref _answers)} -->");
        response.ContentType = "text/html; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
        response.ContentLength = Page.Length + end.Length;
        await response.Body.WriteAsync(Page);
        await response.Body.WriteAsync(end);
    }
}
