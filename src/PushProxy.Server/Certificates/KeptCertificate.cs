namespace PushProxy.Server.Certificates;

/// <summary>The certificate <c>run</c> makes when none is configured, and keeps, so that a browser has to be told only once.</summary>
internal static partial class KeptCertificate
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    /// <returns>Where it is; a new one was made when there was none, it ends soon, or a host is missing.</returns>
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
