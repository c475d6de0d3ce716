using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace PushProxy.Server.Demo;

/// <summary>
/// A legacy web site to try PushProxy on when there is no origin: HTTP/1.1 only, on loopback, every file inside the program.
/// It knows nothing of PushProxy and sends no <c>Link</c> header.
/// </summary>
internal sealed class DemoSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private DemoSite(WebApplication app, Uri address) => (_app, Address) = (app, address);

    /// <summary>Where it listens: <c>http://127.0.0.1:PORT/</c>.</summary>
    public Uri Address { get; }

    /// <summary>The pages worth opening, the best first.</summary>
    public static IReadOnlyList<DemoPage> Pages { get; } =
    [
        new(
            "/",
            "Home",
            "three stylesheets, two scripts in the head, a webfont and a hero image, all needed before the page looks right"),
        new("/slow", "Stock room", "800 ms until the first byte: what the page needs arrives while the server is still thinking"),
        new(
            "/shop",
            "Shop",
            "shares the framework with the home page, so after it only shop.css is new; the scripts at the end are not urgent"),
        new("/blog", "Journal", "its own theme, files with a version in the query string, deferred scripts"),
        new("/blog/2016/hello", "Article", "a <base> element, and pictures that come in two sizes"),
        new("/admin", "Back office", "many small stylesheets, each one a round trip on HTTP/1.1"),
        new(
            "/?think=2000",
            "Home, slower",
            "any page takes ?think=MILLISECONDS (5000 at most), so that you can choose how slow the server is"),
    ];

    /// <summary>Starts the site on a port the system chooses.</summary>
    public static Task<DemoSite> StartAsync(CancellationToken cancellationToken) => StartAsync(port: 0, cancellationToken);

    /// <summary>Starts the site; port 0 lets the system choose.</summary>
    /// <exception cref="IOException">The port is taken.</exception>
    public static async Task<DemoSite> StartAsync(int port, CancellationToken cancellationToken)
    {
        // Empty, not slim: PushProxy's own settings (ASPNETCORE_URLS, Kestrel, Logging) are not meant for this server.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1);
        });

        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();

        var app = builder.Build();
        app.Run(new DemoHandler(DemoFiles.Load()).HandleAsync);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new DemoSite(app, new Uri(app.Urls.Single()));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>Signals are the program's business: the default lifetime would swallow a SIGTERM meant for all of it.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
