using System.Globalization;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Configuration;

/// <summary>
/// Finds certificates that browsers refuse because of their dates. They can be served, and may be renewed in the next moment.
/// </summary>
internal static class CertificateDates
{
    public static IEnumerable<ConfigurationError> Warnings(IReadOnlyList<CertificateOptions> certificates, DateTimeOffset now)
    {
        for (var i = 0; i < certificates.Count; i++)
        {
            if (CertificateFile.TryLoad(certificates[i], out var loaded, out _))
            {
                using (loaded)
                {
                    var (from, to) = (loaded.Leaf.NotBefore.ToUniversalTime(), loaded.Leaf.NotAfter.ToUniversalTime());
                    var problem = to < now.UtcDateTime ? $"has expired on {Text(to)}; renew it"
                        : from > now.UtcDateTime ? $"is not valid before {Text(from)}; look at the clock of this machine"
                        : null;
                    if (problem is not null)
                    {
                        yield return new($"{ConfigurationValidator.Section}:{nameof(ServerOptions.Certificates)}:{i}",
                            $"'{certificates[i].Path}' {problem}. Browsers refuse it");
                    }
                }
            }
        }
    }

    private static string Text(DateTime time) => time.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
