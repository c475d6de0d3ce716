using System.Net;
using System.Net.Sockets;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>An origin that does not answer is one line in the log, with what helps, and no stack trace.</summary>
public sealed class OriginFailureTests : InFrontOfAnOrigin
{
    [Fact]
    public async Task Each_failure_is_one_line_that_says_why_and_what_helps()
    {
        Origin.On("/garbage", r => r.WriteAsync("nothing like HTTP\r\n\r\n"));
        Origin.On("/gone", r =>
        {
            r.Close();
            return Task.CompletedTask;
        });
        Origin.On("/slow", r => r.HangAsync());
        Origin.On("/cut", async r =>
        {
            await r.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnot all");
            r.Close();
        });
        using var plain = new TcpListener(IPAddress.Loopback, 0);
        plain.Start();
        var answering = AnswerAsync(plain);
        int free;
        using (var listener = new TcpListener(IPAddress.Loopback, 0))
        {
            listener.Start();
            free = ((IPEndPoint)listener.LocalEndpoint).Port;
        }

        using var file = new TemporaryFile(
            $$$"""
            {"ReverseProxy": {
              "Routes": {
                "site": { "ClusterId": "site", "Match": { "Path": "/{**all}" } },
                "refused": { "ClusterId": "refused", "Match": { "Path": "/refused" } },
                "tls": { "ClusterId": "tls", "Match": { "Path": "/tls" } }
              },
              "Clusters": {
                "site": { "HttpRequest": { "ActivityTimeout": "00:00:00.5" }, "Destinations": { "only": { "Address": "{{{Origin.Url}}}" } } },
                "refused": { "Destinations": { "only": { "Address": "http://127.0.0.1:{{{free}}}/" } } },
                "tls": { "Destinations": { "only": { "Address": "https://127.0.0.1:{{{((IPEndPoint)plain.LocalEndpoint).Port}}}/" } } }
              }
            }}
            """);
        await using var proxy = await PushProxyProcess.StartAsync(Certificate, "--config", file.Path);
        await ExpectAsync(proxy, "/refused", 502, $"http://127.0.0.1:{free}/ cannot be reached: Connection refused. Check that it runs, that it listens on this address, and whether it speaks https.");
        await ExpectAsync(proxy, "/garbage", 502, $"{Origin.Url} answered with what is not HTTP. Check the port, and the origin's own log.");
        await ExpectAsync(proxy, "/gone", 502, $"{Origin.Url} hung up without an answer. Check the origin's own log.");
        await ExpectAsync(proxy, "/slow", 504, $"{Origin.Url} did not answer in time. ActivityTimeout of the cluster, or Timeout of the route, says how long it may take.");
        await ExpectAsync(proxy, "/tls", 502, "does not speak TLS as it should:");
        await answering;

        // curl says itself that something is missing.
        await ExternalTool.RunAsync("curl", ["--silent", "--insecure", "--output", "/dev/null", new Uri(proxy.Secure, "/cut").AbsoluteUri]);
        await Eventually.TrueAsync(
            () => Task.FromResult(proxy.Log.Contains($"/cut is cut off: {Origin.Url} broke off its answer. Check the origin's own log.", StringComparison.Ordinal)),
            () => proxy.Log);
        Assert.DoesNotContain("   at ", proxy.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", proxy.Log, StringComparison.Ordinal);
    }

    private static async Task AnswerAsync(TcpListener listener)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().ReadExactlyAsync(new byte[5]);
        await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
    }

    private static async Task ExpectAsync(PushProxyProcess proxy, string path, int status, string reason)
    {
        var url = new Uri(proxy.Secure, path);
        Assert.Equal(status, (await Curl.HeadsAsync(url, "--http2"))[^1].Status);
        string[] Lines() => [.. proxy.Log.Split('\n').Where(line => line.Contains($" {url} ", StringComparison.Ordinal))];
        await Eventually.TrueAsync(() => Task.FromResult(Lines().Length > 0), () => proxy.Log);
        Assert.Contains($"GET {url} is answered {status}: ", Assert.Single(Lines()), StringComparison.Ordinal);
        Assert.Contains(reason, Lines()[0], StringComparison.Ordinal);
    }
}
