using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Certificates;

/// <summary>What a client of the running program gets to see.</summary>
public sealed class ServedCertificateTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_name_gets_its_certificate_with_its_chain_and_a_change_needs_no_restart()
    {
        using var root = Certs.Authority("root");
        using var intermediate = Certs.Authority("intermediate", root);
        using var shop = Certs.Leaf(["shop.example"], intermediate);
        _folder.Write("shop.pem", $"{shop.ExportCertificatePem()}\n{intermediate.ExportCertificatePem()}\n{shop.KeyPem()}");
        var blog = Certs.Write(_folder, "blog.pem", "*.blog.example");
        await using var proxy = await StartAsync(
            $"--PushProxy:Certificates:0:Path={_folder["shop.pem"]}", $"--PushProxy:Certificates:1:Path={_folder["blog.pem"]}");

        Assert.Equal([shop.Thumbprint, intermediate.Thumbprint], await SeenAsync(proxy, "shop.example"));
        Assert.Equal([blog], await SeenAsync(proxy, "a.blog.example"));
        Assert.Equal([shop.Thumbprint, intermediate.Thumbprint], await SeenAsync(proxy, "unknown.example"));

        _folder.Write("blog.pem", "broken");
        await proxy.Log.WaitForAsync("Certificate files changed but are not used, the old certificate stays");
        Assert.Equal([blog], await SeenAsync(proxy, "a.blog.example"));

        var renewed = Certs.Write(_folder, "blog.pem", "*.blog.example");
        await proxy.Log.WaitForAsync("Certificate files changed: new connections get the new certificate");
        Assert.Equal([renewed], await SeenAsync(proxy, "a.blog.example"));
    }

    [Fact]
    public async Task Without_one_a_certificate_is_made_for_the_hosts_listened_on_and_kept_in_the_data_folder()
    {
        await using var proxy = await StartAsync($"--PushProxy:DataDirectory={_folder["data"]}");

        using var kept = X509Certificate2.CreateFromPemFile(_folder["data/cert.pem"], _folder["data/key.pem"]);
        Assert.True(kept.MatchesHostname("127.0.0.1"));
        Assert.Equal([kept.Thumbprint], await SeenAsync(proxy, "localhost"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_folder["data/key.pem"]));
    }

    [Fact]
    public async Task Cert_and_key_of_the_command_line_come_before_the_files()
    {
        var expected = Certs.Write(_folder, "mine.pem", "localhost");
        Certs.Write(_folder, "theirs.pem", "localhost");
        var config = _folder.Write("site.json", $$"""{ "PushProxy": { "Certificates": [{ "Path": "{{_folder["theirs.pem"]}}" }] } }""");
        await using var proxy = await StartAsync("--config", config, "--cert", _folder["mine.pem"], "--key", _folder["mine.pem"]);

        Assert.Equal([expected], await SeenAsync(proxy, "localhost"));
    }

    [Fact]
    public async Task Certificate_that_is_being_renewed_keeps_no_other_change_from_coming_into_force()
    {
        Certs.Write(_folder, "mine.pem", "localhost");
        string Configuration(string certificate, int pushes) =>
            $$"""{ "PushProxy": { "Defaults": { "MaxPushes": {{pushes}} }, "Certificates": [{ "Path": "{{_folder[certificate]}}" }] } }""";
        await using var proxy = await StartAsync("--config", _folder.Write("site.json", Configuration("mine.pem", 1)));

        _folder.Write("mine.pem", "half");
        await proxy.Log.WaitForAsync("Certificate files changed but are not used, the old certificate stays");
        _folder.Replace("site.json", Configuration("mine.pem", 2));
        await proxy.Log.WaitForAsync("site.json changed: the new configuration is in effect");

        // One that is new to it is another matter: the next start would fail.
        _folder.Replace("site.json", Configuration("none.pem", 3));
        Assert.Contains("PushProxy:Certificates:0: can't load", await proxy.Log.WaitForAsync("site.json changed but is not used"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("an alert", "15030300020250")]
    [InlineData("a change of cipher", "140303000101")]
    [InlineData("data", "17030300050102030405")]
    public async Task Connection_that_begins_with_no_hello_is_ended_and_is_no_error(string what, string octets)
    {
        Assert.NotEmpty(what);
        await using var proxy = await StartAsync("--PushProxy:DataDirectory=" + _folder["data"], "--Logging:LogLevel:PushProxy=Debug");
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Address.Host, proxy.Address.Port, TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Convert.FromHexString(octets), TestContext.Current.CancellationToken);
        Assert.Equal(0, await client.GetStream().ReadAtLeastAsync(new byte[100], 100, throwOnEndOfStream: false, TestContext.Current.CancellationToken));

        await proxy.Log.WaitForAsync("did not begin with a TLS hello");
        Assert.DoesNotContain("fail:", proxy.Log.Text, StringComparison.Ordinal);
        Assert.NotEmpty(await SeenAsync(proxy, "localhost"));
    }

    private static Task<RunningProxy> StartAsync(params string[] arguments) => RunningProxy.StartAsync(
        Pushproxy.Program,
        [.. arguments, "--origin", "http://127.0.0.1:1", "--listen", "https://127.0.0.1:0", "--PushProxy:Management:Listen=none"],
        management: false);

    /// <summary>The thumbprints of the certificates the server sent, its own first.</summary>
    private static async Task<string[]> SeenAsync(RunningProxy proxy, string name)
    {
        string[] seen = [];
        using var client = new TcpClient();
        await client.ConnectAsync(proxy.Address.Host, proxy.Address.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream());
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = name,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.None,
            RemoteCertificateValidationCallback = (_, leaf, chain, _) =>
            {
                // What is not trusted on this machine, but was sent, is in the extra store.
                var leafThumbprint = ((X509Certificate2)leaf!).Thumbprint;
                seen = [leafThumbprint, .. chain!.ChainPolicy.ExtraStore.Select(static c => c.Thumbprint).Where(t => t != leafThumbprint)];
                return true;
            },
        };
        await tls.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        Assert.Equal(SslApplicationProtocol.Http2, tls.NegotiatedApplicationProtocol);
        return seen;
    }
}
