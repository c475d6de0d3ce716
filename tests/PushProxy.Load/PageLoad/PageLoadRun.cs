using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Load.Link;
using PushProxy.Load.Peers;
using PushProxy.Testing;

namespace PushProxy.Load.PageLoad;

/// <summary>One series of page loads.</summary>
internal sealed class PageLoadRun
{
    public required LinkShape Link { get; init; }

    public required LoadedPage Page { get; init; }

    public required int Think { get; init; }

    public required int Runs { get; init; }

    public required int Prime { get; init; }

    /// <summary>The program.</summary>
    public required string Browser { get; init; }

    /// <summary>Whether each profile loads the page a second time.</summary>
    public required bool Warm { get; init; }

    /// <param name="targets">From whom. All are installed.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<PageLoadReport> RunAsync(IReadOnlyList<Target> targets, CancellationToken cancellation)
    {
        var date = DateTimeOffset.UtcNow;
        await using var link = await EmulatedLink.StartAsync(Link, cancellation);
        var folder = Directory.CreateTempSubdirectory("pushproxy-load-");
        folder.UnixFileMode |= UnixFileMode.OtherExecute;
        var servers = new Dictionary<Target, PeerServer>();
        try
        {
            await ExternalTool.RunAsync(
                "dotnet",
                [ServerProcess.Program("pushproxy"), "cert", "--out", folder.FullName, "--host", EmulatedLink.ServerAddress],
                cancellation);
            var setup = new PeerSetup(
                folder.FullName, EmulatedLink.ServerAddress, new Uri("http://127.0.0.1"), Path.Combine(folder.FullName, "cert.pem"),
                Path.Combine(folder.FullName, "key.pem"));
            await using var origin = await PeerServer.StartAsync(Page.Origin(Think), setup, cancellation);
            foreach (var target in targets)
            {
                var own = folder.CreateSubdirectory(target.Name);
                own.UnixFileMode |= UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
                servers[target] = await PeerServer.StartAsync(
                    target.Server, setup with { Folder = own.FullName, Origin = origin.Url, Early = target.Early }, cancellation);
            }

            using var certificate = X509CertificateLoader.LoadCertificateFromFile(setup.Certificate);
            var loader = new PageLoader(Browser, TestCertificate.SpkiHashOf(certificate), link, Page);
            var loads = await LoadAsync(loader, targets, servers, folder.CreateSubdirectory("profiles").FullName, cancellation);
            return new PageLoadReport(
                date, Page.Site, Page.Path, loader.Version, Link.RoundTrip.TotalMilliseconds, Link.Down, Link.Up, Think, Runs, Prime,
                [.. Summarize(targets, loads)], loads);
        }
        finally
        {
            await Task.WhenAll(servers.Values.Select(static s => s.DisposeAsync().AsTask()));
            folder.Delete(recursive: true);
        }
    }

    private async Task<List<PageLoad>> LoadAsync(
        PageLoader loader, IReadOnlyList<Target> targets, Dictionary<Target, PeerServer> servers, string profiles, CancellationToken cancellation)
    {
        var loads = new List<PageLoad>();
        for (var run = -Prime; run < Runs; run++)
        {
            // Another one begins each round, so that what drifts hits all.
            for (var i = 0; i < targets.Count; i++)
            {
                var target = targets[(i + Math.Max(run, 0)) % targets.Count];
                var some = await loader.LoadAsync(target, servers[target], Warm && run >= 0, profiles, cancellation);
                loads.AddRange(run < 0 ? [] : some);
                var times = string.Join("; ", some.Select(static l =>
                    string.Create(
                        CultureInfo.InvariantCulture, $"{l.Mode} FCP {l.FirstContentfulPaint:0}, LCP {l.LargestContentfulPaint:0}")));
                await Console.Error.WriteLineAsync(
                    run < 0
                        ? $"before, {run + Prime + 1} of {Prime}: {target.Title}"
                        : $"round {run + 1} of {Runs}: {target.Title}: {times}");
            }
        }

        return loads;
    }

    private static IEnumerable<LoadSummary> Summarize(IReadOnlyList<Target> targets, List<PageLoad> loads)
    {
        foreach (var mode in loads.GroupBy(static l => l.Mode))
        {
            var byTarget = mode.GroupBy(static l => l.Target).ToDictionary(static g => g.Key, static g => g.ToList());
            foreach (var target in targets)
            {
                yield return LoadSummary.Of(
                    target, mode.Key, byTarget[target.Name], byTarget[targets[0].Name], byTarget.GetValueOrDefault(PeerCatalog.Stock.Name));
            }
        }
    }
}
