using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Hosting;

/// <summary>The configuration file of the running program changes.</summary>
public sealed class ReloadTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestSite _first = null!;
    private TestSite _second = null!;
    private RunningProxy _proxy = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await TestSite.WithPageAsync("<!DOCTYPE html><title>first</title><link rel=stylesheet href=/a.css>");
        _second = await TestSite.WithPageAsync("<!DOCTYPE html><title>second</title><link rel=stylesheet href=/a.css>");
        WriteConfiguration(_first);
        _proxy = await RunningProxy.StartAsync("--config", _folder["site.json"]);
        Assert.Equal(("first", false), await SeenAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Good_change_of_policies_and_routes_is_in_force_without_a_restart()
    {
        WriteConfiguration(_first, policy: """{ "DebugHeader": true }""");
        await _proxy.Log.WaitForAsync($"{_folder["site.json"]} changed: the new configuration is in effect");
        await Eventually.EqualAsync(("first", true), SeenAsync);

        WriteConfiguration(_second, policy: """{ "DebugHeader": true }""");
        await Eventually.EqualAsync(("second", true), SeenAsync);

        WriteConfiguration(_second, policy: """{ "DebugHeader": true }""", route: "off");
        await Eventually.EqualAsync(("second", false), SeenAsync);
    }

    [Fact]
    public async Task Policy_and_the_route_that_picks_it_may_come_and_go_at_the_same_moment()
    {
        WriteConfiguration(_second, policy: """{ "DebugHeader": true }""", name: "new", route: "new");
        await Eventually.EqualAsync(("second", true), SeenAsync);

        WriteConfiguration(_first, name: "mine", route: "mine");
        await Eventually.EqualAsync(("first", false), SeenAsync);
        Assert.DoesNotContain("fail:", _proxy.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("warn:", _proxy.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_change_is_logged_and_the_running_configuration_kept()
    {
        (string Json, string Error)[] bad =
        [
            ("""{ "PushProxy": { "Defaults": { "DebugHeader": true } },""", "line 1"),
            ("""{ "PushProxy": { "Policies": { "mine": { "DebugHeader": true, "MaxLinkBytes": 99999 } } } }""", "PushProxy:Policies:mine:MaxLinkBytes: must be"),
            ("""{ "PushProxy": { "Defaults": { "DebugHeader": "yes" } } }""", "PushProxy:Defaults:DebugHeader: 'yes' is neither true nor false"),
            ("""{ "PushProxy": { "Defalts": { "DebugHeader": true } } }""", "PushProxy:Defalts: unknown setting; did you mean Defaults?"),
            ("""{ "ReverseProxy": { "Routes": { "site": { "ClusterId": "gone", "Match": { "Path": "/" } } } } }""", "ClusterId: there is no cluster 'gone'"),
            ("""{ "ReverseProxy": { "Routes": { "site": { "Match": { "Path": "/{" } } } } }""", "ReverseProxy:Routes:site: "),
            ("""{ "PushProxy": { "Origin": "http://127.0.0.1:1" }, "ReverseProxy": { "Routes": { "a": { "Match": { "Hosts": ["http://a"] } } } } }""", "Hosts:0: 'http://a' is not a host"),
        ];
        foreach (var (json, error) in bad)
        {
            _folder.Write("site.json", json);
            var line = await _proxy.Log.WaitForAsync(error);

            Assert.Contains($"{_folder["site.json"]} changed but is not used, the running configuration stays.", line, StringComparison.Ordinal);
            Assert.Equal(("first", false), await SeenAsync());
        }

        File.Delete(_folder["site.json"]);
        await _proxy.Log.WaitForAsync("Could not find file");
        Assert.Equal(("first", false), await SeenAsync());

        // And it recovers.
        WriteConfiguration(_second, policy: """{ "DebugHeader": true }""");
        await Eventually.EqualAsync(("second", true), SeenAsync);
    }

    [Fact]
    public async Task What_only_a_restart_can_change_is_said_to_need_one()
    {
        WriteConfiguration(_second, learning: """{ "MaxVariants": 4 }""");

        await _proxy.Log.WaitForAsync("Settings of PushProxy other than Defaults and Policies take effect at the next start");
        await Eventually.EqualAsync(("second", false), SeenAsync);
    }

    private void WriteConfiguration(
        TestSite site, string policy = "{}", string name = "mine", string route = "mine", string learning = "{}") => _folder.Replace("site.json", $$"""
        {
          "PushProxy": { "Policies": { "{{name}}": {{policy}} }, "Learning": {{learning}} },
          "ReverseProxy": {
            "Routes": { "site": { "ClusterId": "site", "Match": { "Path": "/{**all}" }, "Metadata": { "PushProxy.Policy": "{{route}}" } } },
            "Clusters": { "site": { "Destinations": { "only": { "Address": "{{site.Address}}" } } } }
          }
        }
        """);

    /// <summary>Which site answers, and whether the policy's debug header is there.</summary>
    private async Task<(string Site, bool DebugHeader)> SeenAsync()
    {
        using var response = await _proxy.GetAsync("/");
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (body.Contains("first", StringComparison.Ordinal) ? "first" : "second", response.Headers.Contains("PushProxy-Decision"));
    }
}
