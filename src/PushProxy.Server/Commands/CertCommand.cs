using System.CommandLine;
using System.Security.Cryptography;
using PushProxy.Server.Certificates;

namespace PushProxy.Server.Commands;

/// <summary><c>pushproxy cert</c>: a self-signed certificate.</summary>
internal static class CertCommand
{
    public static Command Create()
    {
        var folder = new Option<string>("--out")
        {
            Description = "The folder for cert.pem and key.pem.",
            HelpName = "DIR",
            DefaultValueFactory = static _ => ".",
        };
        CommonOptions.NotEmpty(folder);
        var hosts = new Option<string[]>("--host")
        {
            Description = "A DNS name or IP address; can be repeated. localhost and the loopback addresses are always included.",
            HelpName = "NAME",
        };
        hosts.Validators.Add(static result =>
        {
            foreach (var token in result.Tokens.Where(static t => !IsName(t.Value)))
            {
                result.AddError($"--host: '{token.Value}' is neither a DNS name nor an IP address");
            }
        });
        var command = new Command("cert", "Make a self-signed certificate. Browsers warn about it, and let you proceed.") { folder, hosts };
        command.SetAction(async (result, _) =>
        {
            try
            {
                var target = Directory.CreateDirectory(result.GetValue(folder)!).FullName;
                var (certificatePath, keyPath) = (Path.Combine(target, "cert.pem"), Path.Combine(target, "key.pem"));
                using var certificate = SelfSignedCertificate.Create(result.GetValue(hosts) ?? [], DateTimeOffset.UtcNow);
                SelfSignedCertificate.Save(certificate, certificatePath, keyPath);
                var end = certificate.NotAfter.ToUniversalTime();
                await Terminal.PrintAsync($"{certificatePath}\n{keyPath}\nValid until {end:yyyy-MM-dd}.");
                return 0;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
            {
                await Terminal.ComplainAsync(e.Message);
                return 1;
            }
        });
        return command;
    }

    private static bool IsName(string text)
    {
        var name = text.StartsWith("*.", StringComparison.Ordinal) ? text[2..] : text;
        return Uri.CheckHostName(name) is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6;
    }
}
