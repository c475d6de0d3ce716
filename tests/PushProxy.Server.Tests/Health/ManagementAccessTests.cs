using System.Net;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing.Clients;

namespace PushProxy.Server.Tests.Health;

/// <summary>Who gets an answer from the management listener: nobody whom a web page has sent there.</summary>
public sealed class ManagementAccessTests(ManagementAccessTests.Proxy fixture) : IClassFixture<ManagementAccessTests.Proxy>
{
    public static TheoryData<string> Paths { get; } = ["/pages", "/metrics", "/healthz/live", "/healthz/ready", "/"];

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_name_that_is_not_ours_is_answered_with_421_on_every_path(string path)
    {
        // DNS rebinding: the attacker's own name, which resolves to the listener's address now.
        foreach (var host in new[] { "attacker.example", "attacker.example:8081", "127.0.0.1.attacker.example", "localhost.attacker.example", "xlocalhost" })
        {
            using var answer = await AskAsync(path, ("Host", host));
            var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.MisdirectedRequest, answer.StatusCode);
            Assert.Equal("The management listener answers to localhost, to addresses, and to the names in PushProxy:Management:Hosts.\n", text);
        }
    }

    [Theory]
    [InlineData("localhost")]
    [InlineData("LOCALHOST.:8081")]
    [InlineData("pushproxy.localhost")]
    [InlineData("127.0.0.1:1")]
    [InlineData("10.1.2.3:8081")]
    [InlineData("[::1]:8081")]
    [InlineData("scraped.example")]
    [InlineData("Scraped.Example:9090")]
    public async Task Loopback_addresses_and_configured_names_are_answered(string host)
    {
        foreach (var path in new[] { "/pages", "/metrics", "/healthz/live" })
        {
            using var answer = await AskAsync(path, ("Host", host));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://attacker.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "http://127.0.0.1:1", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.OK)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "http://localhost:8081", HttpStatusCode.OK)]
    public async Task What_a_browser_sends_for_another_site_is_refused(string field, string value, HttpStatusCode expected)
    {
        foreach (var path in new[] { "/pages", "/metrics" })
        {
            using var answer = await AskAsync(path, ("Host", "localhost:8081"), (field, value));
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("attacker.example", "HTTP/1.1 421 Misdirected Request")]
    [InlineData("localhost", "HTTP/1.1 200 OK")]
    public async Task Curl_gets_the_same(string host, string expected)
    {
        var answer = Assert.Single(await Curl.HeadsAsync(new Uri(fixture.Running.Management, "/pages"), "Host: " + host));
        Assert.Equal(expected, answer.StartLine);
    }

    private async Task<HttpResponseMessage> AskAsync(string path, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(fixture.Running.Management, path));
        foreach (var (name, value) in fields)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await fixture.Running.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public sealed class Proxy : IAsyncLifetime
    {
        internal RunningProxy Running { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Running = await RunningProxy.StartAsync(
            "--origin", "http://127.0.0.1:1", "--PushProxy:Management:Hosts=other.example;scraped.example");

        public ValueTask DisposeAsync() => Running.DisposeAsync();
    }
}
