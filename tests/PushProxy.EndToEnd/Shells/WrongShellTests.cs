using System.Globalization;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Shells;

/// <summary>What the client and the origin see when a shell was wrong.</summary>
public sealed class WrongShellTests : ShellCase
{
    private const string Html = "Content-Type: text/html; charset=utf-8";

    private static string Marker(PushProxyProcess proxy) =>
        $"<script>location.reload()</script><noscript><meta http-equiv=\"refresh\" content=\"0;url=//{proxy.Secure.Authority}/\"></noscript>";

    [Theory]
    [InlineData("302 Found", "Location: /other\nSet-Cookie: session=1", "", "status: 302")]
    [InlineData("303 See Other", "Location: /other", "", "status: 303")]
    [InlineData("304 Not Modified", "X-Kind: page", "", "status: 304")]
    [InlineData("401 Unauthorized", Html + "\nWWW-Authenticate: Basic realm=x", "<h1>Who are you?</h1>", "status: 401")]
    [InlineData("404 Not Found", Html, "<h1>gone</h1>", "status: 404")]
    [InlineData("500 Internal Server Error", Html, "<h1>broken</h1>", "status: 500")]
    [InlineData("200 OK", "Content-Type: application/pdf", "%PDF-1.4", "status: 200")]
    [InlineData("200 OK", Html + "\nContent-Language: de", null, "field: Content-Language")]
    [InlineData("200 OK", Html + "\nSet-Cookie: session=1", null, "field: Set-Cookie")]
    [InlineData("200 OK", Html, "", "short: byte 0")]
    [InlineData("200 OK", Html, "<!doctype html>\n<html lang=en><head>", "short: byte 36")]
    [InlineData("200 OK", Html, "<h1>maintenance</h1>", "bytes: byte 1")]
    public async Task The_client_loads_again_and_gets_the_answer_that_the_origin_has_given_once(
        string status, string headers, string? body, string fault)
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var before = Origin.RequestsFor("/").Count;
        var answer = body ?? Page();
        Origin.On("/", status, headers, answer);
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        var first = await connection.GetAsync("/", Navigation);
        Assert.Equal((200, 0, Beginning + Marker(proxy)), (first.Status, first.Code, first.Body));
        var second = await connection.GetAsync("/", [.. Navigation, "cache-control: max-age=0"]);
        Assert.Equal(status[..3], second.Status.ToString(CultureInfo.InvariantCulture));
        Assert.Equal(answer, second.Body);
        foreach (var (name, value) in headers.Split('\n').Select(static h => h.Split(": ")).Select(static h => (h[0], h[1])))
        {
            Assert.Equal(value, second[name.ToLowerInvariant()]);
        }

        Assert.Equal(before + 1, Origin.RequestsFor("/").Count);
        await Eventually.TrueAsync(
            () => proxy.LinesWith($"was wrong ({fault})").Any(), () => $"No warning says {fault}: {proxy.Log}");

        // It is not sent again before it has been right again.
        Shop("/");
        Assert.NotEqual("sent", WordOf(await connection.GetAsync("/", Navigation)));
    }

    [Fact]
    public async Task The_last_byte_of_the_shell_counts()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var other = Beginning[..^1] + " id=x>";
        Origin.On("/", "200 OK", Html, other + "<p>rest</p>");
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        Assert.Equal(Beginning + Marker(proxy), (await connection.GetAsync("/", Navigation)).Body);
        Assert.Equal(other + "<p>rest</p>", (await connection.GetAsync("/", Navigation)).Body);
    }

    [Fact]
    public async Task An_origin_that_hangs_up_leaves_a_bad_gateway_for_the_second_request()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        Origin.On("/", request =>
        {
            request.Reset();
            return Task.CompletedTask;
        });
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        Assert.Equal(Beginning + Marker(proxy), (await connection.GetAsync("/", Navigation)).Body);
        var asked = Origin.RequestsFor("/").Count;
        Assert.Equal(502, (await connection.GetAsync("/", Navigation)).Status);
        Assert.Equal(asked, Origin.RequestsFor("/").Count);
    }

    [Fact]
    public async Task An_origin_that_takes_longer_than_its_route_allows_leaves_a_gateway_timeout_for_the_second_request()
    {
        await using var proxy = await StartShellsAsync(
            "--ReverseProxy:Routes:all:Match:Path={**all}", "--ReverseProxy:Routes:all:Timeout=00:00:01");
        Shop("/");
        await LearnAsync(proxy, "/");
        var held = Origin.Hold("/");
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        Assert.Equal(Beginning + Marker(proxy), (await connection.GetAsync("/", Navigation)).Body);
        Assert.Equal(504, (await connection.GetAsync("/", Navigation)).Status);
        held.Release();
    }

    [Fact]
    public async Task A_policy_that_may_forbid_scripts_has_the_page_loaded_again_by_markup()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/", Html + "\nContent-Security-Policy: script-src 'none'");
        await LearnAsync(proxy, "/");
        Origin.On("/", "404 Not Found", Html, "gone");
        var answer = await GetAsync(proxy, "/");
        Assert.Equal(Beginning + $"<meta http-equiv=\"refresh\" content=\"0;url=//{proxy.Secure.Authority}/\">", answer.Body);
        Assert.Equal("script-src 'none'", answer["content-security-policy"]);
    }

    [Fact]
    public async Task Another_client_never_gets_the_answer_that_is_kept()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        Origin.On("/", "200 OK", Html + "\nSet-Cookie: session=secret", "your account");
        Assert.EndsWith(Marker(proxy), (await GetAsync(proxy, "/")).Body, StringComparison.Ordinal);
        Shop("/");
        var other = await GetAsync(proxy, "/");
        Assert.Null(other["set-cookie"]);
        Assert.StartsWith(Beginning, other.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_answer_waits_at_the_origin_until_it_is_fetched_and_then_comes_as_a_whole()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Shell:MaxKeptBytes=16384");
        Shop("/");
        await LearnAsync(proxy, "/");
        var text = "<h1>long</h1>" + new string('x', 3_000_000);
        Origin.On("/", "404 Not Found", Html, text);
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        Assert.EndsWith(Marker(proxy), (await connection.GetAsync("/", Navigation)).Body, StringComparison.Ordinal);
        var second = await connection.GetAsync("/", Navigation);
        Assert.Equal((404, text), (second.Status, second.Body));
    }

    [Fact]
    public async Task A_wrong_shell_is_not_stored()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Defaults:Cache=all");
        Shop("/", Html + "\nCache-Control: private");
        await LearnAsync(proxy, "/");
        Origin.On("/", "200 OK", Html + "\nCache-Control: public, max-age=60", "<h1>for all</h1>");
        await using var connection = NodeConnection.Open(proxy.Secure, push: false);
        Assert.EndsWith(Marker(proxy), (await connection.GetAsync("/", Navigation)).Body, StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("<h1>for all</h1>", (await connection.GetAsync("/", Navigation)).Body);
        }
    }

    [Fact]
    public async Task A_visitor_who_leaves_before_the_origin_answers_ends_the_request()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var gone = new TaskCompletionSource();
        Origin.On("/", async request =>
        {
            try
            {
                await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n");
                while (true)
                {
                    await request.WriteAsync(Beginning);
                }
            }
            catch (IOException)
            {
                gone.SetResult();
                throw;
            }
        });
        var held = Origin.Hold("/");
        await using (var curl = RunningTool.Start(
            "curl", ["-sk", "--http2", "-N", .. Navigation.SelectMany(static f => new[] { "-H", f }), proxy.Secure.AbsoluteUri]))
        {
            await curl.UntilAsync(() => curl.Output.Contains("Department 11", StringComparison.Ordinal), "the shell");
            await held.ArrivedAsync();
        }

        held.Release();
        await gone.Task.WaitAsync(Eventually.Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Metrics_and_pages_say_what_became_of_it()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        Origin.On("/", "404 Not Found", Html, "gone");
        await GetAsync(proxy, "/");
        await Eventually.EqualAsync(1, async () => (int)await proxy.MetricAsync("pushproxy_shells_total", "fault=\"status\"", "sent=\"true\""));
        using var client = new HttpClient();
        var pages = await client.GetStringAsync(new Uri(proxy.Management, "/pages"), TestContext.Current.CancellationToken);
        Assert.Contains("\"scope\":\"page\"", pages, StringComparison.Ordinal);
        Assert.Contains("\"sentWrong\":1", pages, StringComparison.Ordinal);
        Assert.Contains("\"lastFault\":\"status: 404\"", pages, StringComparison.Ordinal);
    }
}
