using System.Globalization;

namespace PushProxy.Load.Peers;

/// <summary>Fills in the templates beside it.</summary>
internal static class PeerConfiguration
{
    // Debian's, whatever the machine is.
    private const string ApacheModules = "/usr/lib/apache2/modules";

    /// <summary>Writes a peer's configuration to where its arguments say it is.</summary>
    public static async Task WriteAsync(Peer peer, PeerSetup setup, int port, CancellationToken cancellation)
    {
        var template = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Peers", "Config", peer.Template!), cancellation);
        var both = Path.Combine(setup.Folder, "both.pem");
        if (template.Contains("@BOTH@", StringComparison.Ordinal))
        {
            File.Delete(both);
            await using var file = new FileStream(
                both, new FileStreamOptions
                {
                    Mode = FileMode.CreateNew,
                    Access = FileAccess.Write,
                    UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                });
            await file.WriteAsync(await File.ReadAllBytesAsync(setup.Certificate, cancellation), cancellation);
            await file.WriteAsync("\n"u8.ToArray(), cancellation);
            await file.WriteAsync(await File.ReadAllBytesAsync(setup.Key, cancellation), cancellation);
        }

        var early = setup.Early is null ? ""
            : peer.Early?.Invoke(setup.Early) ?? throw new InvalidOperationException($"{peer.Title} is not told what to deliver early.");
        var rendered = template
            .Replace("@FOLDER@", setup.Folder, StringComparison.Ordinal)
            .Replace("@ADDRESS@", setup.Address, StringComparison.Ordinal)
            .Replace("@PORT@", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("@ORIGIN@", setup.Origin.Authority, StringComparison.Ordinal)
            .Replace("@CERT@", setup.Certificate, StringComparison.Ordinal)
            .Replace("@KEY@", setup.Key, StringComparison.Ordinal)
            .Replace("@BOTH@", both, StringComparison.Ordinal)
            .Replace("@MODULES@", ApacheModules, StringComparison.Ordinal)
            .Replace("@EARLY@", early, StringComparison.Ordinal);
        await File.WriteAllTextAsync(setup.Configuration, rendered, cancellation);
    }
}
