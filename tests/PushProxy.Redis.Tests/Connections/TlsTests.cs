using PushProxy.Redis.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Redis.Tests.Connections;

public class TlsTests
{
    [Fact]
    public async Task The_connection_string_chooses_TLS_a_user_and_a_password()
    {
        using var certificate = new TestCertificate();
        await using var redis = await RedisServer.StartAsync(
            "--tls-port", "PORT", "--tls-cert-file", certificate.CertificateFile, "--tls-key-file", certificate.KeyFile,
            "--tls-auth-clients", "no", "--user", "proxy", "on", ">word", "~pushproxy:*", "&pushproxy:*", "+@all");

        // The library reads the trusted issuer from the environment, and has no option for it. A proxy that does not trust it says so.
        await using var distrustful = new Instance($"localhost:{redis.Port},ssl=true,user=proxy,password=word");
        distrustful.Records.Start(distrustful.Receiver);
        await distrustful.LoggedAsync(Microsoft.Extensions.Logging.LogLevel.Warning, "certificate");
        Assert.DoesNotContain("word", distrustful.Warnings[0].Replace("password", "", StringComparison.Ordinal), StringComparison.Ordinal);

        var issuer = Environment.GetEnvironmentVariable("SERedis_IssuerCertPath");
        try
        {
            Environment.SetEnvironmentVariable("SERedis_IssuerCertPath", certificate.CertificateFile);
            await using var one = await Instance.StartAsync($"localhost:{redis.Port},ssl=true,user=proxy,password=word");
            await using var other = await Instance.StartAsync($"localhost:{redis.Port},ssl=true,user=proxy,password=word");
            one.Put("k", "v");
            await other.Receiver.HasAsync("k", "v");
        }
        finally
        {
            Environment.SetEnvironmentVariable("SERedis_IssuerCertPath", issuer);
        }
    }
}
