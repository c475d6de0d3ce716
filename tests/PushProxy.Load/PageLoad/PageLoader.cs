using System.Text.Json;
using PushProxy.Load.Link;
using PushProxy.Load.Peers;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.PageLoad;

/// <summary>Loads the page in a browser at the far end of a link.</summary>
/// <param name="program">The browser.</param>
/// <param name="spkiHash">The public key of all servers' certificate.</param>
/// <param name="link">Between the servers and the browser.</param>
/// <param name="page">What to load.</param>
internal sealed class PageLoader(string program, string spkiHash, EmulatedLink link, LoadedPage page)
{
    public const string Cold = "cold";
    public const string Warm = "warm";
    private static readonly TimeSpan StartingUp = TimeSpan.FromMilliseconds(300);

    private readonly BrowserPlace _place = new(
        link.AtClient, EmulatedLink.ServerAddress,
        ["--window-size=1200,800", "--hide-scrollbars", "--mute-audio", "--disable-default-apps"]);

    /// <summary>What the browser says it is, once it has loaded something.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Loads it with a new profile and then, if <paramref name="warm"/>, with the same profile in a new process.</summary>
    /// <exception cref="InvalidOperationException">The page did not load as it is.</exception>
    public async Task<IReadOnlyList<PageLoad>> LoadAsync(
        Target target, PeerServer server, bool warm, string profiles, CancellationToken cancellation)
    {
        var profile = Path.Combine(profiles, Guid.NewGuid().ToString("N"));
        try
        {
            var (cold, cookies) = await VisitAsync(target, server, Cold, profile, null, cancellation);
            return warm ? [cold, (await VisitAsync(target, server, Warm, profile, cookies, cancellation)).Load] : [cold];
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or IOException)
        {
            // A browser that was ended because all is to end is nobody's fault.
            cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException($"{target.Title}: {e.Message}\n{server.Log}", e);
        }
        finally
        {
            if (Directory.Exists(profile))
            {
                Directory.Delete(profile, recursive: true);
            }
        }
    }

    private async Task<(PageLoad Load, JsonElement Cookies)> VisitAsync(
        Target target, PeerServer server, string mode, string profile, JsonElement? cookies, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        await using var browser = await Chromium.StartAsync(program, profile, spkiHash, _place);
        Version = browser.Version;
        // A browser that is in the middle of something is ended with the rest.
        await using var ending = cancellation.Register(() => _ = browser.DisposeAsync().AsTask());
        var tab = await browser.OpenTabAsync();
        if (cookies is { } kept)
        {
            // An old headless Chromium ends without writing them down.
            await tab.SetCookiesAsync(kept);
        }

        await Task.Delay(StartingUp, cancellation);
        var (down, up) = (link.Down.Count, link.Up.Count);
        var visit = await tab.VisitAsync(new Uri(server.Url, page.Path));
        var metrics = (await tab.EvaluateAsync<JsonElement>(PageMetrics.Script)).Deserialize<PageMetrics>(JsonSerializerOptions.Web)!;
        (down, up) = (link.Down.Count - down, link.Up.Count - up);
        var cookiesNow = await tab.GetCookiesAsync();
        var wire = await browser.CloseAsync();
        page.Check(metrics, visit);
        return (new PageLoad(
            target.Name, mode, visit.HeadersAfter.TotalMilliseconds, metrics.FirstContentfulPaint, metrics.LargestContentfulPaint,
            metrics.LargestImage, metrics.Load, down, up,
            wire.Asked.Count, wire.Promised.Count, wire.Adopted, wire.Informed.Count,
            visit.Resources.Count(static r => r.Initiator == "early-hints")), cookiesNow);
    }
}

/// <summary>What one load of the page came to; times in ms.</summary>
/// <param name="Target">The server's name.</param>
/// <param name="Mode">cold or warm.</param>
/// <param name="FirstByte">The fields of the page's final response, from the start of its request.</param>
/// <param name="FirstContentfulPaint">From the start of navigation, as those that follow.</param>
/// <param name="LargestContentfulPaint">Likewise.</param>
/// <param name="LargestImage">Path of the image that was the largest paint; empty: it was text.</param>
/// <param name="Load">The end of the load event.</param>
/// <param name="Down">What the link carried to the browser.</param>
/// <param name="Up">And from it.</param>
/// <param name="Requests">HTTP/2 requests the browser sent.</param>
/// <param name="Pushed">Pushes it was promised.</param>
/// <param name="PushesUsed">Those the page made use of.</param>
/// <param name="EarlyHints">103s it got.</param>
/// <param name="Hinted">Resources it loaded because of them.</param>
internal sealed record PageLoad(
    string Target, string Mode, double FirstByte, double FirstContentfulPaint, double LargestContentfulPaint, string LargestImage,
    double Load, LinkCount Down, LinkCount Up,
    int Requests, int Pushed, int PushesUsed, int EarlyHints, int Hinted);
