using PushProxy.Server.Tests.Docs;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>The profile <c>scale</c> of docker-compose.yml: several instances behind a balancer.</summary>
public class ScaleTests
{
    private static readonly string[] Proxies = ["proxy1", "proxy2"];

    [Fact]
    public async Task Profile_has_a_balancer_two_instances_and_Redis()
    {
        Assert.Equal(
            ["balancer", "proxy1", "proxy2", "redis"],
            (await Compose.ServicesAsync()).Where(static s => s.Profile == "scale").Select(static s => s.Name));
        foreach (var proxy in Proxies)
        {
            Assert.Equal(["condition: service_healthy"], await Compose.LinesAsync($"services/balancer/depends_on/{proxy}"));
            Assert.Contains("dockerfile: deploy/Dockerfile", await Compose.LinesAsync($"services/{proxy}/build"));
            Assert.Contains("read_only: true", await Compose.LinesAsync($"services/{proxy}"));
            Assert.Contains("mem_limit: 512m", await Compose.LinesAsync($"services/{proxy}"));
        }
    }

    [Fact]
    public async Task No_two_services_publish_one_port_and_only_the_balancer_does_in_the_profile()
    {
        var published = new List<string>();
        foreach (var (name, profile) in await Compose.ServicesAsync())
        {
            var own = (await Compose.ItemsAsync($"services/{name}/ports")).Where(static p => p.StartsWith("published: ", StringComparison.Ordinal)).ToList();
            Assert.True(own.Count == 0 || profile is null || name == "balancer", $"{name} publishes {string.Join(", ", own)}");
            published.AddRange(own);
        }

        Assert.Equal(["published: 8080", "published: 8443", "published: 9080", "published: 9443"], published.Order());

        // What the balancer's configuration listens on is what is published.
        var targets = (await Compose.ItemsAsync("services/balancer/ports")).Where(static p => p.StartsWith("target: ", StringComparison.Ordinal));
        var binds = Balancer().Where(static l => l.StartsWith("bind :", StringComparison.Ordinal)).Select(static l => "target: " + l["bind :".Length..]);
        Assert.Equal(targets.Order(), binds.Order());
    }

    [Fact]
    public async Task Everything_that_is_set_is_a_setting()
    {
        foreach (var proxy in Proxies)
        {
            var names = (await Compose.EnvironmentAsync(proxy)).Keys;
            Assert.All(names, static name => Assert.StartsWith("PushProxy__", name, StringComparison.Ordinal));
            Assert.Empty(SettingNames.Unknown(string.Join('\n', names)));
        }
    }

    [Theory]
    [InlineData("proxy1")]
    [InlineData("proxy2")]
    public async Task Program_accepts_what_is_set(string proxy)
    {
        using var folder = new TempFolder();
        await Pushproxy.RunAsync("cert", "--out", folder.Path);
        var image = Dockerfile.Parse(await File.ReadAllTextAsync(Repository.File("deploy/Dockerfile"), TestContext.Current.CancellationToken))[^1].Environment;
        var environment = image.Concat(await Compose.EnvironmentAsync(proxy)).GroupBy(static e => e.Key)
            .ToDictionary(static g => g.Key, g => g.Last().Value.Replace("/certs", folder.Path, StringComparison.Ordinal));

        var result = await Pushproxy.RunAsync(["validate"], folder.Path, environment);

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Instances_have_a_data_volume_each_and_one_certificate()
    {
        var (first, second) = (await Compose.ItemsAsync("services/proxy1/volumes"), await Compose.ItemsAsync("services/proxy2/volumes"));
        Assert.Equal([$"{Repository.File("config")}:/app/config:ro", "data1:/data:rw"], first);
        Assert.Equal([$"{Repository.File("config")}:/app/config:ro", "data2:/data:rw", "data1:/certs:ro"], second);
        var environment = await Compose.EnvironmentAsync("proxy2");
        Assert.Equal(("/certs/cert.pem", "/certs/key.pem"), (environment["PushProxy__Certificates__0__Path"], environment["PushProxy__Certificates__0__KeyPath"]));

        // The second would not start before there is one.
        Assert.Equal(["condition: service_healthy"], await Compose.LinesAsync("services/proxy2/depends_on/proxy1"));
        Assert.Equal(
            ["data", "data1", "data2"], (await Compose.ConfigAsync("--volumes")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    [Fact]
    public async Task Only_the_balancers_network_is_believed_and_only_the_instances_reach_Redis()
    {
        var subnet = Assert.Single(await Compose.ItemsAsync("networks/balanced/ipam/config"));
        foreach (var proxy in Proxies)
        {
            var environment = await Compose.EnvironmentAsync(proxy);
            Assert.Equal(subnet, "subnet: " + environment["PushProxy__TrustedProxies"]);

            // Of the listeners that the image has.
            Assert.Equal("https://*:8443;http://*:8080", environment["PushProxy__ProxyProtocol"]);
            Assert.Equal("redis:6379,password=pushproxy", environment["PushProxy__Shared__Redis"]);
            Assert.Equal(["balanced: null", "default: null", "shared: null"], await Compose.LinesAsync($"services/{proxy}/networks"));
        }

        Assert.Equal(["balanced: null"], await Compose.LinesAsync("services/balancer/networks"));
        Assert.Equal(["shared: null"], await Compose.LinesAsync("services/redis/networks"));
        Assert.Equal(["internal: true"], await Compose.LinesAsync("networks/shared"));
        var command = await Compose.ItemsAsync("services/redis/command");
        Assert.Equal(
            ["redis-server", "--save", "", "--appendonly", "no", "--maxmemory", "64mb", "--maxmemory-policy", "allkeys-lru", "--requirepass", "pushproxy"],
            command);
    }

    [Fact]
    public async Task Balancers_configuration_is_valid()
    {
        // It only warns of names that are Docker's.
        var result = await ExternalTool.RunAsync("haproxy", ["-c", "-f", Repository.File("deploy/haproxy.cfg")]);

        Assert.Equal(0, result.ExitCode);
        Assert.DoesNotContain("[ALERT]", result.Error, StringComparison.Ordinal);
        Assert.All(
            result.Error.Split('\n').Where(static l => l.StartsWith("[WARNING]", StringComparison.Ordinal)),
            static l => Assert.Contains("could not resolve address 'proxy", l, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Balancer() => File.ReadLines(Repository.File("deploy/haproxy.cfg")).Select(static l => l.Trim());
}
