using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PushProxy.Analysis.Tests.Comparison;

/// <summary>Serves the corpus, each page as a site in a folder of its own. Images are noise, fonts are a font of this machine.</summary>
internal sealed class CorpusSite : ISubresourceSource, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly byte[] _font;

    private CorpusSite(WebApplication app, byte[] font) => (_app, _font) = (app, font);

    /// <summary>Where it is.</summary>
    public Uri Address { get; private set; } = null!;

    /// <summary>Starts it.</summary>
    public static async Task<CorpusSite> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var site = new CorpusSite(builder.Build(), File.ReadAllBytes(AnyFont()));
        site._app.Run(site.AnswerAsync);
        await site._app.StartAsync();
        site.Address = new(site._app.Urls.Single());
        return site;
    }

    /// <summary>Where a page is.</summary>
    public Uri AddressOf(CorpusPage page) => new(Address, $"/{page.Name}/");

    public ValueTask<StylesheetText?> GetAsync(Uri url, CancellationToken cancellation) =>
        new(Find(url.AbsolutePath) is { } file ? new StylesheetText(file, null, "1") : null);

    public ValueTask<ReadOnlyMemory<byte>?> GetModuleAsync(Uri url, CancellationToken cancellation) => new(Find(url.AbsolutePath));

    public ValueTask<bool> IsReachableAsync(Uri url, CancellationToken cancellation) => new(false);

    public ValueTask<ReadOnlyMemory<byte>?> GetImageHeadAsync(Uri url, CancellationToken cancellation) => new(NoiseImage.Of(url.AbsolutePath));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    // A browser that can't read a font tries the next source, so it must be a real one.
    private static string AnyFont() =>
        Directory.GetFiles("/usr/share/fonts", "*.ttf", SearchOption.AllDirectories).OrderBy(file => new FileInfo(file).Length).FirstOrDefault(file => new FileInfo(file).Length > 20_000)
            ?? throw new InvalidOperationException("There is no TrueType font in /usr/share/fonts. Run tests/run.sh, which installs Chromium and its fonts.");

    private static byte[]? Find(string path) => path.Split('/', 3) is [_, var name, var file]
        ? CorpusPage.All.FirstOrDefault(page => page.Name == name)?.Files.GetValueOrDefault(file.Length == 0 ? "index.html" : file)
        : null;

    private Task AnswerAsync(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        http.Response.Headers.CacheControl = "no-store";
        var (type, body) = Path.GetExtension(path).ToLowerInvariant() switch
        {
            ".css" => ("text/css", Find(path) ?? []),
            ".js" => ("text/javascript", Find(path) ?? []),
            ".png" or ".jpg" or ".webp" or ".gif" => ("image/png", NoiseImage.Of(path)),
            ".woff2" or ".woff" or ".ttf" or ".otf" => ("font/ttf", _font),
            "" => ("text/html", Find(path) ?? []),
            _ => ("application/octet-stream", Find(path) ?? []),
        };
        http.Response.ContentType = type;
        return http.Response.Body.WriteAsync(body).AsTask();
    }
}
