using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

public sealed class HealthcheckTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private TestSite _site = null!;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync(static http =>
    {
        http.Response.StatusCode = http.Request.Path == "/healthz/ready" ? 200 : 503;
        return http.Response.WriteAsync("as asked\n");
    });

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Ready_is_0_and_not_ready_is_1()
    {
        var ready = await Pushproxy.RunAsync("healthcheck", $"{_site.Address}/healthz/ready");
        var not = await Pushproxy.RunAsync("healthcheck", $"{_site.Address}/other");

        Assert.Equal((0, "200 as asked\n", ""), (ready.ExitCode, ready.Output, ready.Error));
        Assert.Equal((1, "503 as asked\n", ""), (not.ExitCode, not.Output, not.Error));
    }

    [Fact]
    public async Task Nobody_there_is_1()
    {
        var result = await Pushproxy.RunAsync("healthcheck", "http://127.0.0.1:1/healthz/ready");

        Assert.Equal((1, "http://127.0.0.1:1/healthz/ready: Connection refused\n"), (result.ExitCode, result.Error));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("*")]
    public async Task Without_a_URL_it_asks_the_configured_management_listener_and_never_through_a_proxy(string host)
    {
        var port = new Uri(_site.Address).Port;
        var result = await Pushproxy.RunAsync(
            ["healthcheck"],
            _folder.Path,
            new() { ["PushProxy__Management__Listen"] = $"http://{host}:{port}", ["HTTP_PROXY"] = "http://127.0.0.1:1", ["http_proxy"] = "http://127.0.0.1:1" });

        Assert.Equal((0, "200 as asked\n"), (result.ExitCode, result.Output));
    }

    [Theory]
    [InlineData("none")]
    [InlineData("http://unix:/run/pushproxy.sock")]
    public async Task Listener_that_can_not_be_asked_is_2(string listen)
    {
        var config = _folder.Write("site.json", $$"""{ "PushProxy": { "Management": { "Listen": "{{listen}}" } } }""");

        var result = await Pushproxy.RunAsync("healthcheck", "--config", config);

        Assert.Equal((2, $"PushProxy:Management:Listen: '{listen}' can't be asked over HTTP; name a URL\n"), (result.ExitCode, result.Error));
    }
}
