using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

public class ComposeTests
{
    [Fact]
    public async Task File_is_clean()
    {
        var result = await Compose.ConfigAsync();

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        // docker-compose lists those of profiles, too; ScaleTests has them.
        Assert.Equal(["pushproxy", "site"], (await Compose.ServicesAsync()).Where(static s => s.Profile is null).Select(static s => s.Name));
    }

    [Fact]
    public async Task Proxy_is_built_from_our_Dockerfile_and_waits_for_a_healthy_site()
    {
        Assert.Contains($"context: {Repository.Folder}", await Compose.LinesAsync("services/pushproxy/build"));
        Assert.Contains("dockerfile: deploy/Dockerfile", await Compose.LinesAsync("services/pushproxy/build"));
        Assert.Equal(["condition: service_healthy"], await Compose.LinesAsync("services/pushproxy/depends_on/site"));
        Assert.NotEmpty(await Compose.LinesAsync("services/site/healthcheck/test"));
        Assert.Contains("image: nginx:stable-alpine", await Compose.LinesAsync("services/site"));
    }

    [Fact]
    public async Task Public_ports_are_published_and_the_management_port_is_not()
    {
        var ports = (await Compose.LinesAsync("services/pushproxy/ports")).Select(static line => line.TrimStart('-', ' '));

        Assert.Equal(["published: 8443", "target: 8443", "published: 8080", "target: 8080"], ports);
        Assert.Empty(await Compose.LinesAsync("services/site/ports"));
    }

    [Fact]
    public async Task What_is_mounted_is_there_and_only_the_data_volume_can_be_written()
    {
        var mounts = (await Compose.LinesAsync("services/pushproxy/volumes")).Concat(await Compose.LinesAsync("services/site/volumes"))
            .Select(static line => line.TrimStart('-', ' '));

        Assert.Equal(
            [$"{Repository.File("config")}:/app/config:ro", "data:/data:rw", $"{Repository.File("deploy/sample-site")}:/usr/share/nginx/html:ro"], mounts);
        Assert.True(File.Exists(Repository.File("config/appsettings.json")));
        Assert.True(File.Exists(Repository.File("deploy/sample-site/index.html")));
        Assert.Contains("read_only: true", await Compose.LinesAsync("services/pushproxy"));
    }

    [Fact]
    public async Task Memory_is_limited()
    {
        var limit = Assert.Single(await Compose.LinesAsync("services/pushproxy"), static line => line.StartsWith("mem_limit:", StringComparison.Ordinal));

        Assert.Equal("mem_limit: 512m", limit);
        Assert.Contains("512 MB (`mem_limit`", await File.ReadAllTextAsync(Repository.File("docs/deployment.md"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy/own-site.yml", "pushproxy")]
    [InlineData("deploy/wordpress.yml", "database pushproxy wordpress")]
    public async Task Files_for_a_site_of_ones_own_are_clean_and_limit_memory(string file, string services)
    {
        var result = await RunAsync(file);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("mem_limit: 512m", result.Output, StringComparison.Ordinal);
        Assert.Contains($"context: {Repository.Folder}\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(services, string.Join(' ', (await RunAsync(file, "--services")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)));
    }

    [Fact]
    public async Task A_site_on_the_machine_itself_has_a_name()
    {
        var output = (await RunAsync("deploy/own-site.yml")).Output;
        Assert.Contains("host.docker.internal:host-gateway", output, StringComparison.Ordinal);
        Assert.Contains("PushProxy__Origin: http://host.docker.internal:8000", output, StringComparison.Ordinal);
        Assert.Contains("/certs:ro", output, StringComparison.Ordinal);
    }

    private static Task<ToolResult> RunAsync(string file, params string[] arguments) => ExternalTool.RunAsync(
        "docker-compose", ["-f", Repository.File(file), "config", .. arguments], workingDirectory: Repository.Folder);
}
