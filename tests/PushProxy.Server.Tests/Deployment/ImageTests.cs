using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Deployment;

/// <summary>deploy/Dockerfile: what its steps make on this machine starts, tells its health and serves a page.</summary>
public sealed class ImageTests(ImageFixture fixture) : IClassFixture<ImageFixture>
{
    private Stage Image => fixture.Build.Image;

    [Fact]
    public async Task Image_starts_with_its_own_settings_passes_its_health_check_and_serves_the_sample_site()
    {
        await using var site = await TestSite.StartAsync(SampleSite);
        using var elsewhere = new TempFolder();
        var environment = Environment();
        foreach (var (name, value) in await Compose.EnvironmentAsync("pushproxy"))
        {
            environment[name] = value;
        }

        Assert.Equal("http://site:80", environment["PushProxy__Origin"]);
        environment["PushProxy__Origin"] = site.Address;
        await using var proxy = await RunningProxy.StartAsync(Program("ENTRYPOINT"), [], environment, elsewhere.Path);

        var health = Image.Only("HEALTHCHECK").Rest;
        var check = Dockerfile.Parse($"FROM x\n{health[health.IndexOf("CMD ", StringComparison.Ordinal)..]}")[0].Only("CMD").Exec;
        var healthy = await Pushproxy.RunAsync(fixture.Build.InImage(check[1]), check.Skip(2), elsewhere.Path, environment);
        Assert.Equal("", healthy.Error);
        Assert.StartsWith("200 ", healthy.Output, StringComparison.Ordinal);
        Assert.Equal(0, healthy.ExitCode);

        Assert.Equal("https", proxy.Address.Scheme);
        using var first = await proxy.GetAsync("/");
        Assert.Equal(
            await File.ReadAllTextAsync(Repository.File("deploy/sample-site/index.html"), TestContext.Current.CancellationToken),
            await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Contains("rel=preload", string.Join(',', first.Headers.GetValues("Link")), StringComparison.Ordinal);
        Assert.True(first.Headers.Contains("PushProxy-Decision"), "docker-compose.yml switches the debug header on");

        // The certificate is where the volume is mounted.
        Assert.True(File.Exists(fixture.Build.InImage("/data/cert.pem")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(fixture.Build.InImage("/data/key.pem")));

        proxy.Terminate();
        Assert.Equal(0, await proxy.ExitCodeAsync());
    }

    [Fact]
    public async Task Health_check_of_an_image_that_does_not_run_fails()
    {
        var result = await Pushproxy.RunAsync(Program("ENTRYPOINT"), ["healthcheck"], null, Environment());

        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public void Image_has_no_shell_no_root_and_a_volume_for_what_it_keeps()
    {
        Assert.Equal(["mcr.microsoft.com/dotnet/sdk:10.0", "mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled"], fixture.Stages.Select(static s => s.Image));
        var user = Image.Only("USER").Rest;
        Assert.True(int.Parse(user, System.Globalization.CultureInfo.InvariantCulture) > 0);

        var data = Image.Environment["PushProxy__DataDirectory"];
        Assert.Equal([data], Image.Only("VOLUME").Exec);
        var made = Image.Instructions.Single(i => i.Name == "COPY" && i.Words[^1] == data);
        Assert.Equal($"{user}:{user}", made.Flags["chown"]);

        // Chiseled images have no shell to run anything with, neither for us nor for anyone else.
        Assert.DoesNotContain(Image.Instructions, static i => i.Name == "RUN");
        Assert.Equal(["dotnet", "pushproxy.dll"], Image.Only("ENTRYPOINT").Exec);
        Assert.EndsWith("""CMD ["dotnet", "pushproxy.dll", "healthcheck"]""", Image.Only("HEALTHCHECK").Rest, StringComparison.Ordinal);
    }

    [Fact]
    public void Image_exposes_the_public_ports_and_no_other()
    {
        var listen = Image.Environment["PushProxy__Listen"].Split(';').Select(static url => url[(url.LastIndexOf(':') + 1)..]);

        Assert.Equal(listen, Image.Only("EXPOSE").Words);
        Assert.StartsWith("http://127.0.0.1:", Image.Environment["PushProxy__Management__Listen"], StringComparison.Ordinal);
    }

    [Fact]
    public void Program_has_its_configuration_and_schema_beside_it()
    {
        Assert.True(File.Exists(fixture.Build.InImage("config/appsettings.json")));
        Assert.True(File.Exists(fixture.Build.InImage("config/pushproxy.schema.json")));
    }

    private string Program(string instruction) => fixture.Build.InImage(Image.Only(instruction).Exec[1]);

    /// <summary>The image's environment: its paths below its root, its ports free ones, and what the base image sets.</summary>
    private Dictionary<string, string> Environment()
    {
        var environment = Image.Environment.ToDictionary(
            static pair => pair.Key,
            pair => pair.Value.StartsWith('/') ? fixture.Build.InImage(pair.Value) : pair.Value);
        environment["PushProxy__Listen"] = environment["PushProxy__Listen"]
            .Replace(":8443", ":0", StringComparison.Ordinal).Replace(":8080", ":0", StringComparison.Ordinal);
        // The health check must know it beforehand.
        environment["PushProxy__Management__Listen"] = environment["PushProxy__Management__Listen"]
            .Replace(":8081", $":{Ports.Free()}", StringComparison.Ordinal);
        environment["ASPNETCORE_HTTP_PORTS"] = "8080";
        environment["DOTNET_RUNNING_IN_CONTAINER"] = "true";
        return environment;
    }

    private static Task SampleSite(HttpContext http)
    {
        var path = http.Request.Path.Value!;
        var file = Repository.File($"deploy/sample-site{(path == "/" ? "/index.html" : path)}");
        http.Response.ContentType = Path.GetExtension(file) switch { ".html" => "text/html", ".css" => "text/css", _ => "application/octet-stream" };
        return http.Response.SendFileAsync(file);
    }
}
