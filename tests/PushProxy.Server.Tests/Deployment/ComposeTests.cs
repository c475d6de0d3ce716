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
        Assert.Equal(["pushproxy", "site"], (await Compose.ConfigAsync("--services")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
        Assert.Equal(["data"], (await Compose.ConfigAsync("--volumes")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries));
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
}
