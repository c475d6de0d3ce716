using Microsoft.AspNetCore.Http;

namespace PushProxy.Http2.Tests.Clients;

/// <summary>The page that clients nobody here wrote are shown: it pushes, hints, or both.</summary>
internal static class Site
{
    public const string Html =
        """<!doctype html><title>page</title><link rel="stylesheet" href="/style.css"><script src="/app.js"></script><h1 id="h">text</h1><pre id="out"></pre><script>onload=()=>{const all=performance.getEntriesByType('resource').map(e=>new URL(e.name).pathname+' '+e.initiatorType);document.getElementById('out').textContent=getComputedStyle(document.getElementById('h')).color+' '+all.join(', ')}</script>""";

    public static async Task Serve(HttpContext context)
    {
        var response = context.Response;
        switch (context.Request.Path.Value)
        {
            case "/":
                context.ServerPush().TryPush("/style.css", [new("accept", "text/css,*/*;q=0.1")]);
                context.ServerPush().TryPush("/app.js");
                response.ContentType = "text/html";
                await response.WriteAsync(Html);
                break;
            case "/hints":
                await context.SendEarlyHintsAsync(["</style.css>; rel=preload; as=style", "</app.js>; rel=preload; as=script"]);
                response.ContentType = "text/html";
                response.Headers.Append("x-final", "yes");
                await response.WriteAsync(Html);
                break;
            case "/style.css":
                response.ContentType = "text/css";
                response.Headers.CacheControl = "max-age=60";
                await response.WriteAsync("h1 { color: rgb(1, 2, 3) }");
                break;
            case "/app.js":
                response.ContentType = "text/javascript";
                response.Headers.CacheControl = "max-age=60";
                await response.WriteAsync("document.title = 'ran';");
                break;
            default:
                response.StatusCode = 404;
                break;
        }
    }
}
