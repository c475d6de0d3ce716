using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Certificates;

/// <summary>What <c>pushproxy cert</c> makes, read by .NET and by OpenSSL.</summary>
public sealed class CertCommandTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();

    private string CertificatePath => _folder["new/cert.pem"];

    private string KeyPath => _folder["new/key.pem"];

    public async ValueTask InitializeAsync()
    {
        var result = await Pushproxy.RunAsync(
            ["cert", "--out", "new", "--host", "shop.example", "--host", "*.shop.example", "--host", "192.0.2.7"], _folder.Path);
        Assert.Equal("", result.Error);
        Assert.StartsWith($"{CertificatePath}\n{KeyPath}\nValid until ", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, result.ExitCode);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Certificate_has_the_four_properties_browsers_ask_for()
    {
        using var certificate = X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);

        Assert.Equal("1.2.840.10045.4.3.2", certificate.SignatureAlgorithm.Value); // ecdsa-with-SHA256
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        Assert.Equal(["shop.example", "*.shop.example", "localhost"], names.EnumerateDnsNames());
        Assert.Equal(["192.0.2.7", "127.0.0.1", "::1"], names.EnumerateIPAddresses().Select(static a => a.ToString()));
        var usage = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().Single();
        Assert.Equal(["1.3.6.1.5.5.7.3.1"], usage.EnhancedKeyUsages.Cast<Oid>().Select(static o => o.Value));
        Assert.False(certificate.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.InRange(certificate.NotAfter - certificate.NotBefore, TimeSpan.FromDays(396), TimeSpan.FromDays(398));
        Assert.True(certificate.NotBefore < DateTime.Now.AddHours(-1), "clocks go wrong");
    }

    [Fact]
    public async Task OpenSSL_reads_the_same()
    {
        var result = await ExternalTool.RunAsync("openssl", ["x509", "-in", CertificatePath, "-noout", "-text"]);

        Assert.Contains("Signature Algorithm: ecdsa-with-SHA256", result.Output, StringComparison.Ordinal);
        Assert.Contains(
            "DNS:shop.example, DNS:*.shop.example, IP Address:192.0.2.7, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
            result.Output,
            StringComparison.Ordinal);
        Assert.Contains("TLS Web Server Authentication", result.Output, StringComparison.Ordinal);
        Assert.Contains("CA:FALSE", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Key_is_its_owners_alone()
    {
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead, File.GetUnixFileMode(CertificatePath));
        Assert.Equal(["cert.pem", "key.pem"], Directory.GetFiles(_folder["new"]).Select(static f => Path.GetFileName(f)).Order());
    }

    [Fact]
    public async Task Folder_that_can_not_be_made_is_1_with_a_reason()
    {
        var result = await Pushproxy.RunAsync("cert", "--out", "/proc/nowhere");

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("/proc/nowhere", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
    }
}
