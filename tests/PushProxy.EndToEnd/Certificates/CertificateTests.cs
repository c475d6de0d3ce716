using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Certificates;

/// <summary>The certificate that the program makes, and the files it is given, seen from outside.</summary>
public sealed class CertificateTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-certificates-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_made_certificate_has_the_four_properties_by_openssl()
    {
        var (certificate, _) = await MakeAsync("--host", "site.test", "--host", "192.0.2.7");
        var text = (await ExternalTool.RunAsync("openssl", ["x509", "-in", certificate, "-noout", "-text"])).Output;
        Assert.Matches(@"Signature Algorithm: (ecdsa-with-SHA256|sha256WithRSAEncryption)", text);
        Assert.Matches(@"X509v3 Extended Key Usage:[^\n]*\n\s+TLS Web Server Authentication\n", text);
        Assert.Matches(@"X509v3 Basic Constraints:[^\n]*\n\s+CA:FALSE\n", text);
        var names = text.Split("X509v3 Subject Alternative Name:")[1].Split('\n')[1].Split(',', StringSplitOptions.TrimEntries);
        string[] addresses = ["127.0.0.1", "0:0:0:0:0:0:0:1", "192.0.2.7"];
        foreach (var name in addresses.Select(static a => $"IP Address:{a}").Concat(["DNS:localhost", "DNS:site.test"]))
        {
            Assert.Contains(name, names);
        }
    }

    [Fact]
    public async Task Chromium_loads_a_site_with_a_made_certificate()
    {
        var (certificate, key) = await MakeAsync();
        await using var origin = Page();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, key, "--origin", origin.Url.AbsoluteUri);
        using var made = X509CertificateLoader.LoadCertificateFromFile(certificate);
        await using var browser = await Browser.StartAsync(TestCertificate.SpkiHashOf(made));
        foreach (var host in new[] { "127.0.0.1", "localhost" })
        {
            var visit = await (await browser.OpenWindowAsync()).VisitAsync(new UriBuilder(proxy.Secure) { Host = host }.Uri);
            Assert.Equal((200, "h2", "Made"), (visit.Status, visit.Protocol, visit.Title));
        }
    }

    [Fact]
    public async Task A_certificate_made_for_a_run_is_kept_for_the_next()
    {
        await using var origin = Page();
        string[] arguments = ["--origin", origin.Url.AbsoluteUri, "--PushProxy:DataDirectory=" + _folder.FullName];
        string first;
        await using (var proxy = await PushProxyProcess.StartAsync(null, null, arguments))
        {
            first = await ThumbprintAsync(proxy);
            Assert.Equal(0, await proxy.StopAsync());
        }

        await using var again = await PushProxyProcess.StartAsync(null, null, arguments);
        Assert.Equal(first, await ThumbprintAsync(again));
    }

    [Fact]
    public async Task A_certificate_replaced_on_disk_is_used_without_a_restart()
    {
        using var before = new TestCertificate();
        using var after = new TestCertificate();
        await using var origin = Page();
        await using var proxy = await PushProxyProcess.StartAsync(before, "--origin", origin.Url.AbsoluteUri);
        Assert.Equal(before.Certificate.Thumbprint, await ThumbprintAsync(proxy));

        File.Move(after.KeyFile, before.KeyFile, overwrite: true);
        File.Move(after.CertificateFile, before.CertificateFile, overwrite: true);

        await Eventually.TrueAsync(
            async () => await ThumbprintAsync(proxy) == after.Certificate.Thumbprint,
            () => $"The new certificate was never used.\n{proxy.Log}");
    }

    private static RawOrigin Page() =>
        new RawOrigin().On("/", RawRequest.Response("200 OK", "Content-Type: text/html", "<title>Made</title>"));

    private static async Task<string> ThumbprintAsync(PushProxyProcess proxy)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Secure.Host, proxy.Secure.Port);
        await using var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            RemoteCertificateValidationCallback = TestCertificate.AcceptSelfSigned,
        });
        return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
    }

    private async Task<(string Certificate, string Key)> MakeAsync(params string[] arguments)
    {
        var result = await PushProxyProcess.RunToEndAsync(["cert", "--out", _folder.FullName, .. arguments]);
        Assert.True(result.ExitCode == 0, result.Error);
        return (Path.Combine(_folder.FullName, "cert.pem"), Path.Combine(_folder.FullName, "key.pem"));
    }
}
