using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Load.Attacks;

/// <summary>
/// The site that is attacked. Everything below <c>/page</c> and <c>/new</c> is an ordinary page. <c>/large</c> is a long one, <c>/slow</c>
/// names stylesheets that take <see cref="SlowSheet"/>, and <c>/bomb</c> is expensive to analyse. Whatever ends like a stylesheet is one.
/// </summary>
internal static class AttackOrigin
{
    public const string Verb = "attack-origin";

    /// <summary>How long a stylesheet below <c>/hold</c> takes: a little less than the proxy waits for one.</summary>
    public static readonly TimeSpan SlowSheet = TimeSpan.FromSeconds(4.9);

    private const string Text = "<p>The quick brown fox jumps over the lazy dog while the old server thinks about it.</p>\n";

    private static readonly byte[] Css = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(".rule { color: #123456 }\n", 300)));
    private static readonly string Bomb = MakeBomb();

    public static Command Create()
    {
        var command = new Command(Verb, "Serve the site that 'attacks' attacks, on a port the system chooses.");
        command.SetAction(async (_, cancellation) =>
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http1));
            var app = builder.Build();
            app.Run(AnswerAsync);
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {app.Urls.Single()}");
            await app.WaitForShutdownAsync(cancellation);
        });
        return command;
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var (path, query) = (http.Request.Path.Value!, http.Request.QueryString.Value);
        if (path.EndsWith(".css", StringComparison.Ordinal) || path.EndsWith(".js", StringComparison.Ordinal))
        {
            if (path.StartsWith("/hold/", StringComparison.Ordinal))
            {
                await Task.Delay(SlowSheet, http.RequestAborted);
            }

            http.Response.ContentType = path.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript";
            http.Response.Headers.CacheControl = "public, max-age=3600";
            http.Response.Headers.ETag = "\"1\"";
            http.Response.ContentLength = Css.Length;
            await http.Response.Body.WriteAsync(Css);
            return;
        }

        var html = Encoding.ASCII.GetBytes(Page(path, query));
        http.Response.ContentType = "text/html; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        if (path.StartsWith("/page", StringComparison.Ordinal))
        {
            http.Response.Headers.ETag = "\"1\"";
        }

        http.Response.ContentLength = html.Length;
        await http.Response.Body.WriteAsync(html);
    }

    private static string Page(string path, string? query) => path.Split('/')[1] switch
    {
        "slow" => Html(
            string.Concat(Enumerable.Range(0, 36).Select(i => Sheet(string.Create(CultureInfo.InvariantCulture, $"/hold{path}/{i}.css")))),
            Text),
        "large" => Html(Sheet("/large.css"), new string(' ', 500_000)),
        "bomb" => Bomb + query,
        _ => Html(Sheet("/a.css") + Sheet("/b.css") + "<script src=/a.js></script>", string.Concat(Enumerable.Repeat(Text, 100)) + path + query),
    };

    private static string Html(string head, string body) => $"<!DOCTYPE html><html><head><title>x</title>{head}</head><body>{body}</body></html>";

    private static string Sheet(string path) => $"<link rel=stylesheet href={path}>";

    // Custom properties that double, used many times by each of many elements.
    private static string MakeBomb()
    {
        var css = new StringBuilder("*{--a0:x x x x;");
        for (var i = 1; i <= 10; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $"--a{i}:var(--a{i - 1}) var(--a{i - 1});");
        }

        for (var i = 0; i < 300; i++)
        {
            css.Append(CultureInfo.InvariantCulture, $"--b{i}:var(--a10);");
        }

        return Html($"<style>{css}}}</style>", string.Concat(Enumerable.Repeat("<p>x", 49_000)));
    }
}
