using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging.Abstractions;
using PushProxy.Server.Certificates;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

public sealed class KeptCertificateTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Certificate_is_made_once_and_kept()
    {
        var first = Ensure(Now, "localhost");

        Assert.Equal(first, Ensure(Now.AddDays(300), "localhost"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["kept/key.pem"]));
    }

    [Fact]
    public void Certificate_near_its_end_is_renewed()
    {
        var first = Ensure(Now, "localhost");

        // Good for 396 days from now, renewed 30 days before.
        Assert.Equal(first, Ensure(Now.AddDays(365), "localhost"));
        Assert.NotEqual(first, Ensure(Now.AddDays(367), "localhost"));
    }

    [Fact]
    public void Certificate_that_lacks_a_host_is_made_anew_and_one_that_has_it_is_kept()
    {
        var first = Ensure(Now, "localhost");
        var second = Ensure(Now, "shop.example", "192.0.2.7");

        Assert.NotEqual(first, second);
        Assert.Equal(second, Ensure(Now, "shop.example"));
        Assert.Equal(second, Ensure(Now, "127.0.0.1", "::1", "localhost", "192.0.2.7"));
        Assert.NotEqual(second, Ensure(Now, "192.0.2.8"));
    }

    [Theory]
    [InlineData("cert.pem")]
    [InlineData("key.pem")]
    public void Broken_files_are_replaced(string file)
    {
        var first = Ensure(Now, "localhost");
        _folder.Write($"kept/{file}", "broken");

        Assert.NotEqual(first, Ensure(Now, "localhost"));
    }

    private string Ensure(DateTimeOffset now, params string[] hosts)
    {
        var options = KeptCertificate.Ensure(_folder["kept"], hosts, now, NullLogger.Instance);
        Assert.Equal((_folder["kept/cert.pem"], _folder["kept/key.pem"]), (options.Path, options.KeyPath));
        using var certificate = X509Certificate2.CreateFromPemFile(options.Path, options.KeyPath);
        Assert.All(hosts, host => Assert.True(certificate.MatchesHostname(host)));
        return certificate.Thumbprint;
    }
}
