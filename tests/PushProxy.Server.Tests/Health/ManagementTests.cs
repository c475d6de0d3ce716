using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Health;

public class ManagementTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Live_and_ready_are_told_on_the_management_port_and_nothing_else()
    {
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await RunningProxy.StartAsync("--origin", site.Address);

        using var live = await AskAsync(proxy, "/healthz/live");
        using var ready = await AskAsync(proxy, "/healthz/ready");
        using var other = await AskAsync(proxy, "/other");

        Assert.Equal((HttpStatusCode.OK, "live\n"), (live.StatusCode, await live.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal("no-store", live.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(
            """{"status":"ready","clusters":{"pushproxy-origin":1}}""",
            JsonSerializer.Serialize(JsonDocument.Parse(await ready.Content.ReadAsStringAsync(Cancellation))));
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        Assert.Equal(
            "The management listener has / (the dashboard), /healthz/live, /healthz/ready, /metrics, /pages, /proof and /purge.\n",
            await other.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Health_paths_on_the_public_port_are_the_origins()
    {
        await using var site = await TestSite.StartAsync(static http => http.Response.WriteAsync($"the site's own {http.Request.Path}"));
        await using var proxy = await RunningProxy.StartAsync("--origin", site.Address);

        Assert.Equal("the site's own /healthz/live", await proxy.GetStringAsync("/healthz/live"));
        Assert.Equal("the site's own /healthz/ready", await proxy.GetStringAsync("/healthz/ready"));
        Assert.Equal("the site's own /metrics", await proxy.GetStringAsync("/metrics"));

        // Nor does pretending to ask the management port help.
        using var pretended = await proxy.GetAsync("/healthz/live", proxy.Management.Authority);
        Assert.Equal("the site's own /healthz/live", await pretended.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Pages_that_are_known_are_listed_with_what_they_need()
    {
        await using var site = await TestSite.WithPageAsync("<head><link rel=stylesheet href=/a.css></head>");
        await using var proxy = await RunningProxy.StartAsync("--origin", site.Address);
        using var none = await AskAsync(proxy, "/pages");
        Assert.Equal("""{"pages":[],"shells":[],"routes":[]}""", await none.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("no-store", none.Headers.CacheControl!.ToString());

        // What one connection alone was sent is not listed.
        await proxy.GetStringAsync("/shop");
        await Eventually.EqualAsync(1, async () => (await ListAsync()).GetArrayLength());
        Assert.Empty((await ListAsync())[0].GetProperty("resources").EnumerateArray());
        await Eventually.EqualAsync(1, async () =>
        {
            using var other = new HttpClient();
            await other.GetStringAsync(new Uri(proxy.Address, "/shop"), Cancellation);
            return (await ListAsync())[0].GetProperty("resources").GetArrayLength();
        });

        // The worker adds the think time of the first response after it has added the page.
        await Eventually.EqualAsync(JsonValueKind.Number, async () => (await ListAsync())[0].GetProperty("thinkTimeMs").ValueKind);
        var page = (await ListAsync())[0];
        Assert.Equal(("pushproxy-origin", "/shop", 0, 0), (Text(page, "route"), Text(page, "path"), Number(page, "savedBytes"), Number(page, "wastedBytes")));
        Assert.True(page.GetProperty("thinkTimeMs").GetDouble() >= 0);
        var resource = Assert.Single(page.GetProperty("resources").EnumerateArray());
        Assert.Equal($"http://{Text(page, "authority")}/a.css", Text(resource, "url"));

        async Task<JsonElement> ListAsync()
        {
            using var response = await AskAsync(proxy, "/pages");
            return JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation)).RootElement.GetProperty("pages");
        }

        static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

        static int Number(JsonElement of, string name) => of.GetProperty(name).GetInt32();
    }

    [Fact]
    public async Task Not_ready_when_no_site_has_a_destination_left_and_ready_again_when_one_is_back()
    {
        var healthy = true;
        await using var site = await TestSite.StartAsync(http =>
        {
            http.Response.StatusCode = Volatile.Read(ref healthy) ? 200 : 500;
            return Task.CompletedTask;
        });
        using var folder = new TempFolder();
        var config = folder.Write("site.json", $$"""
            {
              "ReverseProxy": {
                "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
                "Clusters": {
                  "site": {
                    "HealthCheck": { "Active": { "Enabled": true, "Interval": "00:00:00.100", "Path": "/check" } },
                    "Destinations": { "only": { "Address": "{{site.Address}}" } }
                  }
                }
              }
            }
            """);
        await using var proxy = await RunningProxy.StartAsync("--config", config);
        await Eventually.EqualAsync(HttpStatusCode.OK, ReadyAsync);

        Volatile.Write(ref healthy, false);
        await Eventually.EqualAsync(HttpStatusCode.ServiceUnavailable, ReadyAsync);
        using var live = await AskAsync(proxy, "/healthz/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        Volatile.Write(ref healthy, true);
        await Eventually.EqualAsync(HttpStatusCode.OK, ReadyAsync);

        async Task<HttpStatusCode> ReadyAsync()
        {
            using var response = await AskAsync(proxy, "/healthz/ready");
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Default_port_that_is_taken_is_left_for_another()
    {
        // Whether by this test or by something else on this machine: it is taken.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            taken.Bind(new IPEndPoint(IPAddress.Loopback, 8081));
            taken.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
        }

        await using var proxy = await RunningProxy.StartAsync(
            Pushproxy.Program, ["--origin", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:0"]);

        Assert.NotEqual(8081, proxy.Management.Port);
        using var live = await AskAsync(proxy, "/healthz/live");
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Fact]
    public async Task Port_that_was_asked_for_and_is_taken_is_an_error()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        var listen = $"http://{taken.LocalEndPoint}";

        var result = await Pushproxy.RunAsync(
            "--origin", "http://127.0.0.1:1", "--listen", "http://127.0.0.1:0", $"--PushProxy:Management:Listen={listen}");

        Assert.Equal($"Failed to bind to address {listen}: address already in use. Another program listens there; --listen chooses other addresses.\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task None_switches_the_listener_off()
    {
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await RunningProxy.StartAsync(
            Pushproxy.Program,
            ["--origin", site.Address, "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=none"],
            management: false);

        Assert.Equal("the site", await proxy.GetStringAsync("/healthz/live"));
        await proxy.Output.WaitForAsync("In front of ");
        Assert.DoesNotContain("Management", proxy.Output.Text, StringComparison.Ordinal);
    }

    private static Task<HttpResponseMessage> AskAsync(RunningProxy proxy, string path) =>
        proxy.Client.GetAsync(new Uri(proxy.Management, path), Cancellation);
}
