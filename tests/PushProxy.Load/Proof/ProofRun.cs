using System.Globalization;
using System.Net;
using System.Text.Json;
using PushProxy.Load.Link;
using PushProxy.Load.Origin;
using PushProxy.Load.PageLoad;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Proxies;

namespace PushProxy.Load.Proof;

/// <summary>One run: loads in a browser, and then visits of <c>views</c>, each before a proxy of its own.</summary>
/// <param name="shape">The link.</param>
/// <param name="think">How long the origin takes, ms.</param>
/// <param name="loads">How many loads.</param>
/// <param name="visiting">How long the visitors visit.</param>
/// <param name="browser">The browser.</param>
internal sealed class ProofRun(LinkShape shape, int think, int loads, TimeSpan visiting, string browser)
{
    /// <summary>No more visitors of one network are told apart.</summary>
    private const int Browsers = 30;

    private const int Prime = 3;

    public async Task<IReadOnlyList<ProofRow>> RunAsync(CancellationToken cancellation)
    {
        await using var link = await EmulatedLink.StartAsync(shape, cancellation);
        using var certificate = new TestCertificate();
        await using var origin = await ServerProcess.StartAsync(
            "the origin", ServerProcess.Program("PushProxy.Load"), "shop", "--think", think.ToString(CultureInfo.InvariantCulture));
        var rows = new List<ProofRow>();
        await using (var proxy = await StartAsync(certificate, origin.Url, out var url))
        {
            rows.AddRange(await LoadAsync(link, certificate, url, cancellation));
            rows.Add(await TellAsync("display, as the proxy saw these loads", proxy, cancellation));
        }

        await using (var proxy = await StartAsync(certificate, origin.Url, out var url))
        {
            await VisitAsync(link, certificate, url, views: 4, cancellation);
            await VisitAsync(link, certificate, url, views: null, cancellation);
            rows.Add(await TellAsync("display, as the proxy saw 'views'", proxy, cancellation));
        }

        return rows;
    }

    private static Task<PushProxyProcess> StartAsync(TestCertificate certificate, string origin, out Uri url)
    {
        var port = Ports.Free(IPAddress.Parse(EmulatedLink.ServerAddress));
        url = new Uri($"https://{EmulatedLink.ServerAddress}:{port}/");
        return PushProxyProcess.StartAsync(
            certificate, "--origin", origin, "--listen", url.GetLeftPart(UriPartial.Authority), "--PushProxy:Defaults:HoldOut=50",
            "--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true");
    }

    private async Task<IEnumerable<ProofRow>> LoadAsync(
        EmulatedLink link, TestCertificate certificate, Uri url, CancellationToken cancellation)
    {
        var (delivered, heldOut) = (new List<PageMetrics>(), new List<PageMetrics>());
        for (var load = -Prime; load < loads; load++)
        {
            var (metrics, isDelivered) = await LoadAsync(link, certificate, new Uri(url, ShopPage.Path), load, cancellation);
            if (load >= 0)
            {
                (isDelivered ? delivered : heldOut).Add(metrics);
            }

            await Console.Error.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"load {load + 1} of {loads}: {(isDelivered ? "delivered" : "held out")}: FCP {metrics.FirstContentfulPaint:0}"));
        }

        return
        [
            new("First Contentful Paint, as the browser says", Median(delivered), delivered.Count, Median(heldOut), heldOut.Count),
        ];

        static double Median(List<PageMetrics> some) => some.Count == 0
            ? throw new InvalidOperationException("All loads were of one arm.")
            : some.Select(static m => m.FirstContentfulPaint).Order().ElementAt(some.Count / 2);
    }

    private async Task<(PageMetrics Metrics, bool IsDelivered)> LoadAsync(
        EmulatedLink link, TestCertificate certificate, Uri page, int load, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var profile = Directory.CreateTempSubdirectory("pushproxy-proof-");
        try
        {
            var place = new BrowserPlace(
                link.AtClient, EmulatedLink.ServerAddress,
                ["--window-size=1200,800", "--hide-scrollbars", "--mute-audio",
                    $"--user-agent=Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0.0.0 {(load + Prime) % Browsers}"]);
            await using var started = await Chromium.StartAsync(browser, profile.FullName, certificate.SpkiHash, place);
            var tab = await started.OpenTabAsync();
            await Task.Delay(TimeSpan.FromMilliseconds(300), cancellation);
            await tab.VisitAsync(page);
            var metrics = (await tab.EvaluateAsync<JsonElement>(PageMetrics.Script)).Deserialize<PageMetrics>(JsonSerializerOptions.Web)!;
            var wire = await started.CloseAsync();
            return (metrics, wire.Informed.Count + wire.Promised.Count > 0);
        }
        finally
        {
            profile.Delete(recursive: true);
        }
    }

    private Task<VisitResult> VisitAsync(EmulatedLink link, TestCertificate certificate, Uri url, int? views, CancellationToken cancellation) =>
        Visitors.RunAsync(
            new VisitPlan
            {
                Url = url,
                Pages = [ShopPage.Path],
                Protocol = VisitProtocol.Http2,
                Concurrency = 1,
                Duration = views is null ? visiting : null,
                Views = views,
                Certificate = certificate.CertificateFile,
                Place = link.AtClient,
                Browsers = Browsers,
                Insecure = true,
            },
            null,
            cancellation);

    private static async Task<ProofRow> TellAsync(string what, PushProxyProcess proxy, CancellationToken cancellation)
    {
        // A view of which something never came ends when its time has passed.
        await Task.Delay(TimeSpan.FromSeconds(18), cancellation);
        using var http = new HttpClient();
        using var proof = JsonDocument.Parse(await http.GetStringAsync(new Uri(proxy.Management, "/proof"), cancellation));
        if (proof.RootElement.GetArrayLength() == 0)
        {
            throw new InvalidOperationException($"No view was measured.\n{proxy.Log}");
        }

        var display = proof.RootElement[0].GetProperty("measures")[0];
        var (delivered, heldOut) = (display.GetProperty("delivered"), display.GetProperty("heldOut"));
        return new(what, MedianOf(delivered), ViewsOf(delivered), MedianOf(heldOut), ViewsOf(heldOut));

        static double MedianOf(JsonElement arm) => arm.GetProperty("median").ValueKind == JsonValueKind.Null
            ? throw new InvalidOperationException("All views were of one arm.") : arm.GetProperty("median").GetDouble();
        static long ViewsOf(JsonElement arm) => arm.GetProperty("views").GetInt64();
    }
}
