using System.Diagnostics;
using System.Globalization;
using PushProxy.Load.Soak.Origin;
using PushProxy.Load.Soak.Watching;
using PushProxy.Load.Soak.Wire;

namespace PushProxy.Load.Soak.Faults;

/// <summary>Files rewritten while the proxy runs, and whether it does with them what docs/configuration.md says.</summary>
/// <param name="files">The files.</param>
/// <param name="proxy">Who reads them.</param>
/// <param name="client">Asks the proxy; over connections that last, so that it also shows that those go on.</param>
internal sealed class ReloadFaults(ProxyFiles files, WatchedProcess proxy, HttpClient client)
{
    // The proxy looks every second, certificates every two; it and this program share the processors with the load.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan UntilSeen = TimeSpan.FromSeconds(3);
    private int _revision;
    private int _bad;
    private int _badCertificates;

    /// <summary>The next configuration, which must come into force.</summary>
    public async Task<string> ReloadAsync(CancellationToken cancellation)
    {
        var before = await RevisionAsync(cancellation);
        await files.WriteAsync(++_revision);
        var took = await UntilAsync(
            async () => await RevisionAsync(cancellation) == _revision,
            $"revision {_revision} never came into force, {before} did not go",
            cancellation);
        using var added = await client.GetAsync(new Uri(proxy.Url, $"/added/{_revision}"), cancellation);
        Require((int)added.StatusCode is 200 or >= 500, $"the added route is answered {(int)added.StatusCode}");
        return string.Create(
            CultureInfo.InvariantCulture, $"revision {_revision} in force after {took.TotalSeconds:F1} s, with the route it adds");
    }

    /// <summary>A configuration that can't be used: the one in force must stay, and the log must say so.</summary>
    public async Task<string> BadReloadAsync(CancellationToken cancellation)
    {
        var said = proxy.Log.RefusedConfigurations;
        var what = await files.WriteBadAsync(_revision + 1, _bad++);
        await UntilAsync(
            () => Task.FromResult(proxy.Log.RefusedConfigurations > said),
            $"the log does not say that the file is not used ({what})",
            cancellation);
        await Task.Delay(UntilSeen, cancellation);
        var revision = -1;
        await UntilAsync(async () => (revision = await RevisionAsync(cancellation)) >= 0, "nothing answers", cancellation);
        Require(revision == _revision, $"revision {revision} is in force after a file with {what}, not {_revision}");
        return $"{what}; revision {revision} stays";
    }

    /// <summary>A new key pair: new connections must get it, open ones must go on.</summary>
    public async Task<string> CertificateAsync(CancellationToken cancellation)
    {
        await using var open = await RawLine.ConnectTlsAsync(proxy.Url, "http/1.1", receiveBuffer: null, cancellation);
        await AskAsync(open, cancellation);
        var hash = await files.WriteCertificateAsync();
        var took = await UntilAsync(
            async () => await CertificateHashAsync(cancellation) == hash, "new connections never got the new certificate", cancellation);
        await AskAsync(open, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"new connections get it after {took.TotalSeconds:F1} s, an open one goes on");
    }

    /// <summary>Files that can't be used: the old certificate must stay, and the log must say so.</summary>
    public async Task<string> BadCertificateAsync(CancellationToken cancellation)
    {
        var (said, before, kept) = (proxy.Log.RefusedCertificates, await CertificateHashAsync(cancellation), files.Keep());
        try
        {
            var what = await files.WriteBadCertificateAsync(_badCertificates++);
            await UntilAsync(
                () => Task.FromResult(proxy.Log.RefusedCertificates > said),
                $"the log does not say that the files are not used ({what})",
                cancellation);
            Require(await CertificateHashAsync(cancellation) == before, $"the certificate changed to {what}");
            return $"{what}; the old certificate stays";
        }
        finally
        {
            await files.RestoreAsync(kept);
        }
    }

    private static void Require(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new SoakFailureException(otherwise);
        }
    }

    private static async Task<TimeSpan> UntilAsync(Func<Task<bool>> condition, string otherwise, CancellationToken cancellation)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Require(Stopwatch.GetElapsedTime(start) < Patience, otherwise);
            await Task.Delay(200, cancellation);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task AskAsync(RawLine line, CancellationToken cancellation)
    {
        await line.Stream.WriteAsync("HEAD /assets/0.css HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), cancellation);
        var answer = new byte[4096];
        var length = await line.Stream.ReadAsync(answer, cancellation);
        Require(answer.AsSpan(0, length).StartsWith("HTTP/1.1 "u8), "an open connection did not go on when the certificate changed");
    }

    private async Task<string?> CertificateHashAsync(CancellationToken cancellation)
    {
        await using var line = await RawLine.ConnectTlsAsync(proxy.Url, "http/1.1", receiveBuffer: null, cancellation);
        return line.CertificateHash;
    }

    /// <returns>-1: the origin is unwell, and so there is no answer to see it by.</returns>
    private async Task<int> RevisionAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await client.GetAsync(new Uri(proxy.Url, SoakSite.AssetPaths[0]), cancellation);
            return response.Headers.TryGetValues(ProxyFiles.RevisionHeader, out var values)
                ? int.Parse(values.Single(), CultureInfo.InvariantCulture)
                : -1;
        }
        catch (HttpRequestException)
        {
            return -1;
        }
    }
}
