using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>Two instances behind HAProxy with deploy/haproxy.cfg, of which only names and ports are this machine's.</summary>
public sealed class BalancerTests : IAsyncDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly string[] Instances = ["127.91.0.1", "127.91.0.2"];
    private readonly int _https = Ports.Free(), _http = Ports.Free(), _management = Ports.Free(), _public = Ports.Free(), _publicHttp = Ports.Free();
    private readonly TempFolder _folder = new();
    private readonly List<IAsyncDisposable> _running = [];

    [Fact]
    public async Task Rolling_update_loses_no_request_and_the_site_knows_who_its_clients_are()
    {
        var first = await StartAsync(Instances[0], "first");
        await StartAsync(Instances[1], "second");
        await using var balancer = RunningTool.Start("haproxy", "-db", "-f", _folder.Write("haproxy.cfg", Configuration()));
        await Eventually.TrueAsync(() => Ports.AcceptsAsync(_public), () => "HAProxy did not start: " + balancer.Error);
        await Eventually.EqualAsync(true, async () => (await AskAsync()).StartsWith("first", StringComparison.Ordinal));
        await Eventually.EqualAsync(true, async () => (await AskAsync()).StartsWith("second", StringComparison.Ordinal));

        // By http as well; and the client is who the balancer says, not the balancer.
        using var plain = Client("127.92.5.5");
        Assert.EndsWith(" 127.92.5.5", await plain.GetStringAsync($"http://127.0.0.1:{_publicHttp}/", Cancellation), StringComparison.Ordinal);

        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, 4).Select(_ => LoadAsync(stop.Token)).ToList();
        first.Terminate();
        Assert.Equal(0, await first.ExitCodeAsync());
        await stop.CancelAsync();

        // Each request had a connection of its own, and each was answered; the last ones by the other instance.
        var answers = await Task.WhenAll(load);
        Assert.All(answers, static a => Assert.Equal("second 127.92.1.1", a[^1]));
        Assert.All(answers.SelectMany(static a => a), static a => Assert.True(a is "first 127.92.1.1" or "second 127.92.1.1", a));

        // By its checks, not by connections that failed.
        Assert.Contains("Server https/proxy1 is DOWN, reason: Layer7 wrong status, code: 503", balancer.Output + balancer.Error, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in _running)
        {
            await one.DisposeAsync();
        }

        _folder.Dispose();
    }

    private string Configuration()
    {
        var text = File.ReadAllText(Repository.File("deploy/haproxy.cfg"));
        foreach (var (theirs, ours) in ((string, string)[])
            [
                ("proxy1:8443", $"{Instances[0]}:{_https}"), ("proxy2:8443", $"{Instances[1]}:{_https}"),
                ("proxy1:8080", $"{Instances[0]}:{_http}"), ("proxy2:8080", $"{Instances[1]}:{_http}"),
                ("bind :8443", $"bind 127.0.0.1:{_public}"), ("bind :8080", $"bind 127.0.0.1:{_publicHttp}"), ("port 8081", $"port {_management}"),
            ])
        {
            Assert.Contains(theirs, text, StringComparison.Ordinal);
            text = text.Replace(theirs, ours, StringComparison.Ordinal);
        }

        return text;
    }

    private async Task<RunningProxy> StartAsync(string address, string name)
    {
        var site = await TestSite.StartAsync(http => http.Response.WriteAsync($"{name} {http.Request.Headers["X-Forwarded-For"]}"));
        _running.Add(site);
        var environment = (await Compose.EnvironmentAsync("proxy1")).Where(static e => e.Key.EndsWith("DrainTime", StringComparison.Ordinal)).ToDictionary();
        Assert.Single(environment);
        string[] listen = [$"https://{address}:{_https}", $"http://{address}:{_http}"];
        var proxy = await RunningProxy.StartAsync(
            Pushproxy.Program,
            [
                "--origin", site.Address, "--listen", listen[0], "--listen", listen[1], $"--PushProxy:Management:Listen=http://{address}:{_management}",
                $"--PushProxy:ProxyProtocol={string.Join(';', listen)}", "--PushProxy:TrustedProxies=127.0.0.1",
            ],
            environment);
        _running.Insert(0, proxy);
        return proxy;
    }

    private async Task<List<string>> LoadAsync(CancellationToken stop)
    {
        var answers = new List<string>();
        while (!stop.IsCancellationRequested)
        {
            answers.Add(await AskAsync());
        }

        return answers;
    }

    private async Task<string> AskAsync()
    {
        using var client = Client("127.92.1.1");
        return await client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"https://127.0.0.1:{_public}/"), Cancellation);
    }

    // One connection from an address of this machine.
    private static HttpClient Client(string from)
    {
#pragma warning disable CA5359 // The certificates are self-made.
        var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
#pragma warning restore CA5359
        handler.ConnectCallback = async (context, cancellation) =>
        {
            var socket = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp) { NoDelay = true };
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        };
        return new HttpClient(handler);
    }
}
