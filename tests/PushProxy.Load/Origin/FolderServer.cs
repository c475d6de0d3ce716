using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.StaticFiles;
using Microsoft.Extensions.FileProviders;

namespace PushProxy.Load.Origin;

/// <summary>
/// <c>folder</c>: a static site as the origin of <c>pageload</c>: HTTP/1.1, uncompressed, with ETag and Last-Modified. Clients validate its pages
/// and keep everything else for an hour.
/// </summary>
internal static class FolderServer
{
    public static Command Create()
    {
        var site = new Argument<DirectoryInfo>("site") { Description = "The folder whose files are served; index.html is its page." };
        site.AcceptExistingOnly();
        var think = new Option<int>("--think") { Description = "How long each HTML page takes before its first byte, ms.", DefaultValueFactory = static _ => 200 };
        var command = new Command("folder", "Serve a static site, on a port the system chooses.") { site, think };
        command.SetAction(async (result, cancellation) =>
        {
            await using var app = Build(result.GetValue(site)!.FullName, TimeSpan.FromMilliseconds(result.GetValue(think)));
            await app.StartAsync(cancellation);
            Console.WriteLine($"Listening on {app.Urls.Single()}");
            await app.WaitForShutdownAsync(cancellation);
        });
        return command;
    }

    /// <summary>The server, not started.</summary>
    /// <param name="folder">Full path of the site.</param>
    /// <param name="think">How long each HTML page takes.</param>
    public static WebApplication Build(string folder, TimeSpan think)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(static k => k.Listen(IPAddress.Loopback, 0, static l => l.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var files = new PhysicalFileProvider(folder);
        app.UseDefaultFiles(new DefaultFilesOptions { FileProvider = files });
        app.Use(async (http, next) =>
        {
            if (think > TimeSpan.Zero && IsPage(http.Request.Path))
            {
                await Task.Delay(think, http.RequestAborted);
            }

            await next(http);
        });
        app.UseStaticFiles(new StaticFileOptions { FileProvider = files, ServeUnknownFileTypes = true, OnPrepareResponse = SetCacheControl });
        return app;
    }

    private static void SetCacheControl(StaticFileResponseContext file) =>
        file.Context.Response.Headers.CacheControl = IsPage(file.Context.Request.Path) ? "no-cache" : "public, max-age=3600";

    private static bool IsPage(PathString path) => path.Value is { } value
        && (value.EndsWith(".html", StringComparison.OrdinalIgnoreCase) || value.EndsWith(".htm", StringComparison.OrdinalIgnoreCase));
}
