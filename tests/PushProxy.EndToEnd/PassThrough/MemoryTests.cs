using System.Globalization;
using PushProxy.EndToEnd.PassThrough.Cases;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>Large and endless pages pass without being kept: memory stays near what other large responses take.</summary>
public sealed class MemoryTests(ITestOutputHelper output)
{
    private const int Megabyte = 1 << 20;
    private const int AtOnce = 8;

    // Above what pages of one megabyte take, which is more than is looked at of any (LearningOptions.MaxPageBytes). The copies in
    // passing may take 32 MiB (MaxBufferedBytes); three times as much is left to the garbage collector. Eight pages kept would be 400.
    private const long Allowed = 128 * Megabyte;

    [Fact]
    public async Task Fifty_megabyte_and_endless_pages_leave_memory_within_its_bound()
    {
        await using var origin = new RawOrigin();
        origin.On("/file", request => Large(request, "application/octet-stream", 50));
        origin.On("/short", request => Large(request, "text/html", 1));
        origin.On("/page", request => Large(request, "text/html", 50));
        origin.On("/endless", Endless);
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--origin", origin.Url.AbsoluteUri);
        using var http2 = new Http2Client();

        // Large files and shorter pages first: buffers, pools and the parser are warm, and what they take is no growth.
        await RoundsAsync(proxy, http2, "/file", null);
        await RoundsAsync(proxy, http2, "/short", null);
        await RoundsAsync(proxy, http2, "/file", null);
        await RoundsAsync(proxy, http2, "/file", null);
        var baseline = proxy.PeakResidentMemory;

        proxy.ResetPeakMemory();
        await RoundsAsync(proxy, http2, "/page", null);
        await RoundsAsync(proxy, http2, "/endless", 64L * Megabyte);
        var growth = proxy.PeakResidentMemory - baseline;

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"baseline {baseline / Megabyte} MiB, growth {growth / Megabyte} MiB, at last {proxy.ResidentMemory / Megabyte} MiB"));
        Assert.True(
            growth <= Allowed,
            $"Resident memory peaked {growth / Megabyte} MiB above the {baseline / Megabyte} MiB that files and shorter pages take; "
            + $"{Allowed / Megabyte} MiB are allowed.");
    }

    // Each round: eight responses at once, half of them over HTTP/1.1 and half over HTTP/2, each under a URL of its own.
    private static async Task RoundsAsync(PushProxyProcess proxy, Http2Client http2, string path, long? stopAfter)
    {
        for (var round = 0; round < 3; round++)
        {
            var transcripts = await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(n =>
            {
                var request = new ClientRequest("GET", $"{path}/{round}/{n}") { StopAfter = stopAfter };
                return n % 2 == 0
                    ? new RawClient().SendAsync(proxy.Cleartext, request, Exchange.Begin())
                    : http2.SendAsync(proxy.Secure, request, Exchange.Begin());
            }));
            Assert.All(
                transcripts,
                t => Assert.StartsWith(stopAfter is null ? "end: complete" : "end: we hung up", t.Lines[^1], StringComparison.Ordinal));
        }
    }

    private static async Task Large(RawRequest request, string contentType, int megabytes)
    {
        await request.WriteAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Length: {megabytes * Megabyte}\r\n\r\n"));
        await LargePage.WriteAsync(megabytes, bytes => request.WriteAsync(bytes));
    }

    private static async Task Endless(RawRequest request)
    {
        await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n");
        await LargePage.WriteAsync(int.MaxValue, bytes => request.WriteAsync(bytes));
    }
}
