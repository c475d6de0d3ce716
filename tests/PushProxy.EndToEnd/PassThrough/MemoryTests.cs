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
    private const int AtOnce = 6;

    // Learning's own bounds are 32 MiB of copies in passing and 16 MiB of what was learned (LearningOptions); as much again is
    // left to the garbage collector. Six pages of 50 MB kept would be 300.
    private const long Allowed = 96 * Megabyte;

    [Fact]
    public async Task Fifty_megabyte_and_endless_pages_leave_memory_within_its_bound()
    {
        await using var origin = new RawOrigin();
        origin.On("/file", request => Large(request, "application/octet-stream"));
        origin.On("/page", request => Large(request, "text/html"));
        origin.On("/endless", Endless);
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--origin", origin.Url.AbsoluteUri);
        using var http2 = new Http2Client();

        // The same traffic as files, until it needs no more memory than before: the baseline has buffers and pools warm.
        await RoundsAsync(proxy, http2, "/file", null);
        proxy.ResetPeakMemory();
        await RoundsAsync(proxy, http2, "/file", null);
        var baseline = proxy.PeakResidentMemory;

        proxy.ResetPeakMemory();
        await RoundsAsync(proxy, http2, "/page", null);
        await RoundsAsync(proxy, http2, "/endless", 64L * Megabyte);
        var growth = proxy.PeakResidentMemory - baseline;

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"baseline {baseline / Megabyte} MiB, growth {growth / Megabyte} MiB, at last {proxy.ResidentMemory / Megabyte} MiB"));
        Assert.True(growth <= Allowed, $"Resident memory peaked {growth / Megabyte} MiB above the {baseline / Megabyte} MiB that files take; {Allowed / Megabyte} MiB are allowed.");
    }

    // Each round: six responses at once, half of them over HTTP/1.1 and half over HTTP/2, each under a URL of its own.
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
            Assert.All(transcripts, t => Assert.StartsWith(stopAfter is null ? "end: complete" : "end: we hung up", t.Lines[^1], StringComparison.Ordinal));
        }
    }

    private static async Task Large(RawRequest request, string contentType)
    {
        await request.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"HTTP/1.1 200 OK\r\nContent-Type: {contentType}\r\nContent-Length: {50 * Megabyte}\r\n\r\n"));
        await LargePage.WriteAsync(50, bytes => request.WriteAsync(bytes));
    }

    private static async Task Endless(RawRequest request)
    {
        await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n");
        await LargePage.WriteAsync(int.MaxValue, bytes => request.WriteAsync(bytes));
    }
}
