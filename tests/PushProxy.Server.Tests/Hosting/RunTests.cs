using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Hosting;

/// <summary>Start, routes and end of the running program.</summary>
public class RunTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_an_origin_the_shipped_configuration_starts_the_demo_and_says_what_to_open()
    {
        await using var proxy = await RunningProxy.StartAsync();

        await proxy.Output.WaitForAsync($"Configured by {Path.Combine(AppContext.BaseDirectory, "config", "appsettings.json")}");
        await proxy.Output.WaitForAsync("Your own site:");
        Assert.Contains($"  {proxy.Address}", proxy.Output.Text, StringComparison.Ordinal);
        Assert.Contains("Fernhill", await proxy.GetStringAsync("/"), StringComparison.Ordinal);
        Assert.DoesNotContain("warn", proxy.Log.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "run", "validate")]
    [InlineData("""{ "PushProxy": { "Origin": "" } }""", "run", "validate")]
    [InlineData("""{ "ReverseProxy": { "Clusters": { "site": { "Destinations": { "only": { "Address": "http://127.0.0.1:1" } } } } } }""", "run", "validate")]
    public async Task A_configuration_that_was_given_and_names_no_site_starts_no_demo(string json, params string[] verbs)
    {
        using var folder = new TempFolder();
        var config = folder.Write("site.json", json);
        foreach (var verb in verbs)
        {
            var result = await Pushproxy.RunAsync(verb, "--config", config);

            Assert.Equal($"{config}: names no site; set PushProxy:Origin, or ReverseProxy:Routes and ReverseProxy:Clusters\n", result.Error);
            Assert.Equal(2, result.ExitCode);
        }
    }

    [Fact]
    public async Task Logs_have_the_format_that_the_configuration_names()
    {
        await using var proxy = await RunningProxy.StartAsync(
            "--origin", "http://127.0.0.1:1", "--Logging:Console:FormatterName=json", "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information");

        Assert.StartsWith("{\"", await proxy.Log.WaitForAsync("Application started"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_route_without_a_cluster_adds_to_the_site_of_the_origin()
    {
        await using var site = await TestSite.StartAsync(static http => http.Response.WriteAsync(http.Request.Headers["X-Added"] + " " + http.Request.Host.Value));
        using var folder = new TempFolder();
        var config = folder.Write("site.json", """
            {
              "ReverseProxy": {
                "Routes": { "added": { "Match": { "Path": "/added/{**all}" }, "Transforms": [{ "RequestHeader": "X-Added", "Set": "yes" }] } }
              }
            }
            """);
        await using var proxy = await RunningProxy.StartAsync("--config", config, "--origin", site.Address);

        Assert.Equal($"yes {proxy.Address.Authority}", await proxy.GetStringAsync("/added/x"));
        Assert.Equal($" {proxy.Address.Authority}", await proxy.GetStringAsync("/other"));

        var alone = await Pushproxy.RunAsync("validate", "--config", config);
        Assert.Equal("ReverseProxy:Routes:added: names no ClusterId, and PushProxy:Origin, which would take its requests, is not set\n", alone.Error);
    }

    [Fact]
    public async Task Signals_of_operators_read_the_configuration_again_or_do_no_harm()
    {
        await using var site = await TestSite.SayingAsync("the site");
        using var folder = new TempFolder();
        var config = folder.Write("site.json", $$"""{ "PushProxy": { "Origin": "{{site.Address}}" } }""");
        await using var proxy = await RunningProxy.StartAsync("--config", config);

        Assert.True(Signals.User1(proxy.ProcessId));
        Assert.True(Signals.HangUp(proxy.ProcessId));
        await proxy.Log.WaitForAsync($"{config} changed: the new configuration is in effect");
        Assert.Equal("the site", await proxy.GetStringAsync("/"));
    }

    [Fact]
    public async Task Several_sites_by_host_beside_a_catch_all_origin()
    {
        await using var shop = await TestSite.SayingAsync("shop");
        await using var other = await TestSite.SayingAsync("other");
        using var folder = new TempFolder();
        var config = folder.Write("sites.json", $$"""
            {
              "ReverseProxy": {
                "Routes": { "shop": { "ClusterId": "shop", "Match": { "Hosts": ["shop.example"] } } },
                "Clusters": { "shop": { "Destinations": { "only": { "Address": "{{shop.Address}}" } } } }
              }
            }
            """);
        await using var proxy = await RunningProxy.StartAsync("--config", config, "--origin", other.Address);

        using var atShop = await proxy.GetAsync("/", "shop.example");
        using var atOther = await proxy.GetAsync("/", "blog.example");

        Assert.Equal("shop", await atShop.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("other", await atOther.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Timeout_of_a_route_is_kept()
    {
        await using var site = await TestSite.StartAsync(static http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var folder = new TempFolder();
        var config = folder.Write("site.json", $$"""
            {
              "ReverseProxy": {
                "Routes": { "site": { "ClusterId": "site", "Match": { "Path": "/{**all}" }, "Timeout": "00:00:00.200" } },
                "Clusters": { "site": { "Destinations": { "only": { "Address": "{{site.Address}}" } } } }
              }
            }
            """);
        await using var proxy = await RunningProxy.StartAsync("--config", config);

        // The status is YARP's choice.
        Assert.Equal(HttpStatusCode.BadRequest, await proxy.StatusAsync("/"));
    }

    [Fact]
    public async Task Stop_lets_a_request_under_way_end()
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var site = await TestSite.StartAsync(async http =>
        {
            asked.SetResult();
            await answer.Task;
            await http.Response.WriteAsync("late, but whole");
        });
        await using var proxy = await RunningProxy.StartAsync("--origin", site.Address);

        var body = proxy.GetStringAsync("/");
        await asked.Task;
        proxy.Terminate();
        await Eventually.EqualAsync(false, () => AcceptsAsync(proxy.Address));
        answer.SetResult();

        Assert.Equal("late, but whole", await body);
        Assert.Equal(0, await proxy.ExitCodeAsync());
        Assert.Equal("", proxy.Log.Text);
    }

    [Theory]
    [InlineData("http://192.0.2.1:8080", "Cannot assign requested address")]
    [InlineData("http://unix:/nowhere/pushproxy.sock", "")]
    public async Task Address_that_can_not_be_listened_on_is_one_sentence(string listen, string error)
    {
        var result = await Pushproxy.RunAsync("--origin", "http://127.0.0.1:1", "--listen", listen, "--PushProxy:Management:Listen=none");

        Assert.StartsWith(error, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.TrimEnd('\n').Split('\n'));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Data_folder_that_can_not_be_written_is_said_with_what_to_do()
    {
        var result = await Pushproxy.RunAsync(
            "--origin", "http://127.0.0.1:1", "--listen", "https://127.0.0.1:0", "--PushProxy:DataDirectory=/proc/nowhere", "--PushProxy:Management:Listen=none");

        Assert.StartsWith("No certificate is configured, and none can be kept in '/proc/nowhere': ", result.Error, StringComparison.Ordinal);
        Assert.EndsWith("Set PushProxy:DataDirectory, or name one with --cert and --key.\n", result.Error, StringComparison.Ordinal);
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Containers_settings_for_other_programs_mean_nothing()
    {
        // The base images of .NET set the first, and a hosting environment may set the second.
        var environment = new Dictionary<string, string> { ["ASPNETCORE_HTTP_PORTS"] = "1", ["ASPNETCORE_URLS"] = "http://127.0.0.1:1", ["ASPNETCORE_ENVIRONMENT"] = "Development" };
        await using var site = await TestSite.SayingAsync("the site");
        await using var proxy = await RunningProxy.StartAsync(["--origin", site.Address], environment);

        Assert.Equal("the site", await proxy.GetStringAsync("/"));
        Assert.Equal("", proxy.Log.Text);
    }

    private static async Task<bool> AcceptsAsync(Uri address)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(address.Host, address.Port, Cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
