using PushProxy.Load.Peers;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Peers;

/// <summary>Who answers wrongly fails a run, whatever he costs.</summary>
public sealed class H2LoadTests
{
    [Theory]
    [InlineData("/shop/app1.css", 0, null)]
    [InlineData("/shop/app1.css", 1, "instead of")]
    [InlineData("/shop/nothing", 0, "0 were answered")]
    public async Task Wrong_answers_are_an_error_that_names_the_peer(string path, int missing, string? complaint)
    {
        using var certificate = new TestCertificate();
        var folder = Directory.CreateTempSubdirectory("load-test-");
        var cancellation = TestContext.Current.CancellationToken;
        try
        {
            var setup = new PeerSetup(
                folder.FullName, "127.0.0.1", new Uri("http://127.0.0.1"), certificate.CertificateFile, certificate.KeyFile);
            await using var origin = await PeerServer.StartAsync(PeerCatalog.Origin, setup, cancellation);
            await using var server = await PeerServer.StartAsync(PeerCatalog.HAProxy, setup with { Origin = origin.Url }, cancellation);
            var size = Origin.ShopPage.Resources["/shop/app1.css"].Body.Length + missing;
            var (_, processors) = Processors.Split();
            var run = H2Load.RunAsync(server, path, size, 100, processors, [], cancellation);
            if (complaint is null)
            {
                Assert.True(await run > 0);
            }
            else
            {
                var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => run);
                Assert.StartsWith("HAProxy " + path, failure.Message, StringComparison.Ordinal);
                Assert.Contains(complaint, failure.Message, StringComparison.Ordinal);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
