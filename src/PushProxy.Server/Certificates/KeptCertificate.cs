namespace PushProxy.Server.Certificates;

/// <summary>
/// The certificate that <c>run</c> makes if none is configured. It is kept, so that a user accepts it in a browser only once.
/// </summary>
internal static partial class KeptCertificate
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <returns>Where it is. A new one was made if none was there, the old one expires soon, or the old one lacks a host.</returns>
    /// <exception cref="IOException">The folder can't be written.</exception>
    public static CertificateOptions Ensure(string folder, IReadOnlyList<string> hosts, DateTimeOffset now, ILogger logger)
    {
        var options = new CertificateOptions { Path = Path.Combine(folder, "cert.pem"), KeyPath = Path.Combine(folder, "key.pem") };
        if (File.Exists(options.Path) && CertificateFile.TryLoad(options, out var kept, out _))
        {
            using (kept)
            {
                if (kept.Leaf.NotAfter.ToUniversalTime() - now.UtcDateTime > RenewBefore && hosts.All(h => kept.Leaf.MatchesHostname(h)))
                {
                    return options;
                }
            }
        }

        Directory.CreateDirectory(folder);
        using var made = SelfSignedCertificate.Create(hosts, now);
        SelfSignedCertificate.Save(made, options.Path, options.KeyPath);
        LogMade(logger, options.Path);
        return options;
    }

    public static string DefaultFolder()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return Path.Combine(data.Length > 0 ? data : Path.GetTempPath(), "pushproxy");
    }

    [LoggerMessage(1, LogLevel.Information, "No certificate is configured: made one for this machine, {Path}")]
    private static partial void LogMade(ILogger logger, string path);
}
