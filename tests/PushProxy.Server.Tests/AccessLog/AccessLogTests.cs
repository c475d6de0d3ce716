using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Server.AccessLog;
using PushProxy.Server.Configuration;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;
using PushProxy.Testing.Clients;

namespace PushProxy.Server.Tests.AccessLog;

/// <summary>What the running program writes of requests of all kinds, asked by clients that nobody here wrote.</summary>
public sealed class AccessLogTests(AccessLogFixture fixture) : IClassFixture<AccessLogFixture>
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly LoggedProxy _proxy = fixture.Proxy;

    [Fact]
    public async Task Pages_say_what_was_pushed_hinted_and_linked_and_pushes_say_that_they_are_some()
    {
        var page = new Uri(_proxy.Program.Address, "/page");
        await Curl.HeadsAsync(page, "--http2", "Accept: text/html");
        var first = await _proxy.LineAsync("/page");
        Assert.Equal(("link", 0, 0, 2), Channels(first));

        // The page may be read before it is known.
        var asked = 1;
        await Eventually.AnswerAsync(
            () =>
            {
                asked++;
                return Curl.HeadsAsync(page, "--http2", "Accept: text/html");
            },
            static heads => heads.Count == 2,
            "a 103");
        var hinted = await _proxy.LineAsync("/page", asked);
        Assert.Equal(("early-hints", 0, 2, 0), Channels(hinted));
        Assert.Equal(("2", "GET", "https"), (Text(hinted, "network.protocol.version"), Text(hinted, "http.request.method"), Text(hinted, "url.scheme")));

        var trace = await Nghttp.RunAsync(page, "accept: text/html");
        Assert.Equal(2, trace.Promises.Count);
        Assert.Equal(("push", 2, 0, 0), Channels(await _proxy.LineAsync("/page", asked + 1)));
        var pushed = await _proxy.LineAsync("/a.css");
        Assert.True(pushed.GetProperty("pushproxy.is_push").GetBoolean());
        Assert.Equal((200, "127.0.0.1"), (Number(pushed, "http.response.status_code"), Text(pushed, "client.address")));
        Assert.False(pushed.TryGetProperty("pushproxy.channel", out _));

        // What the proxy fetched to learn is in no line.
        Assert.DoesNotContain(_proxy.Lines(), static l => l.Contains("(learning)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_of_the_store_say_so_and_304_and_HEAD_have_no_bytes()
    {
        var url = new Uri(_proxy.Program.Address, "/b.css?v=1");
        foreach (var (count, cache) in new[] { (1, "stored"), (2, "hit") })
        {
            await Curl.HeadsAsync(url, "--http1.1", "User-Agent: first", "Referer: https://r/?a", "X-Forwarded-For: 203.0.113.9");
            var line = await _proxy.LineAsync("/b.css", count);
            Assert.Equal((cache, 200, 6), (Text(line, "pushproxy.cache"), Number(line, "http.response.status_code"), Number(line, "http.response.body.size")));
            Assert.Equal(("v=1", "first", "https://r/?a"), (Text(line, "url.query"), Text(line, "user_agent.original"), Text(line, "http.request.header.referer")));
            Assert.Equal(("203.0.113.9", "pushproxy-origin", "1.1"), (Text(line, "client.address"), Text(line, "pushproxy.route"), Text(line, "network.protocol.version")));
            Assert.Equal(_proxy.Program.Address.Authority, Text(line, "http.request.header.host"));
            Assert.InRange(line.GetProperty("pushproxy.time_to_first_byte").GetDouble(), 0, line.GetProperty("http.server.request.duration").GetDouble());
            Assert.False(line.TryGetProperty("error.type", out _));
        }

        await Curl.HeadsAsync(url, "--http2", "If-None-Match: \"1\"");
        var notModified = await _proxy.LineAsync("/b.css", 3);
        Assert.Equal(("hit", 304, 0), (Text(notModified, "pushproxy.cache"), Number(notModified, "http.response.status_code"), Number(notModified, "http.response.body.size")));

        await Curl.HeadsAsync(url, "--http2", "--head");
        var head = await _proxy.LineAsync("/b.css", 4);
        Assert.Equal(("HEAD", 200, 0), (Text(head, "http.request.method"), Number(head, "http.response.status_code"), Number(head, "http.response.body.size")));
    }

    [Theory]
    [InlineData("--http1.1", "/never/1")]
    [InlineData("--http2", "/never/2")]
    public async Task Client_that_goes_before_the_answer_is_499(string protocol, string path)
    {
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var asking = ExternalTool.RunAsync("curl", ["-sk", protocol, new Uri(_proxy.Program.Address, path).AbsoluteUri], gone.Token);
        await fixture.AskedAsync(path);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);

        var line = await _proxy.LineAsync(path);
        Assert.Equal((499, "aborted", 0), (Number(line, "http.response.status_code"), Text(line, "error.type"), Number(line, "http.response.body.size")));
        Assert.False(line.TryGetProperty("pushproxy.time_to_first_byte", out _));
    }

    [Theory]
    [InlineData("1.1", "/half/1")]
    [InlineData("2.0", "/half/2")]
    public async Task Client_that_goes_in_the_middle_keeps_the_status_that_it_was_sent(string version, string path)
    {
        using (var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_proxy.Program.Address, path)))
        {
            (request.Version, request.VersionPolicy) = (Version.Parse(version), HttpVersionPolicy.RequestVersionExact);
            using var response = await _proxy.Program.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[4], Cancellation);
        }

        var line = await _proxy.LineAsync(path);
        Assert.Equal((200, "aborted", 4), (Number(line, "http.response.status_code"), Text(line, "error.type"), Number(line, "http.response.body.size")));
    }

    [Fact]
    public async Task Origin_that_breaks_off_and_origin_that_is_not_there_are_told_apart()
    {
        using (var response = await _proxy.Program.Client.GetAsync(
            new Uri(_proxy.Program.Address, "/broken"), HttpCompletionOption.ResponseHeadersRead, Cancellation))
        {
            await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.ReadExactlyAsync(new byte[4], Cancellation);
            fixture.Break();
            await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null, Cancellation));
        }

        var broken = await _proxy.LineAsync("/broken");
        Assert.Equal((200, "broken", 4), (Number(broken, "http.response.status_code"), Text(broken, "error.type"), Number(broken, "http.response.body.size")));

        await Curl.HeadsAsync(new Uri(_proxy.Program.Address, "/gone"));
        var gone = await _proxy.LineAsync("/gone");
        Assert.Equal(502, Number(gone, "http.response.status_code"));
        Assert.False(gone.TryGetProperty("error.type", out _));
    }

    [Fact]
    public async Task Switch_of_protocol_is_one_line_at_its_end_with_all_bytes()
    {
        var address = await _proxy.PlainAsync();
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(address.Host, address.Port, Cancellation);
            var stream = socket.GetStream();
            await stream.WriteAsync(
                Encoding.ASCII.GetBytes("GET /tunnel HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"), Cancellation);
            using var reader = new StreamReader(stream);
            Assert.Equal("HTTP/1.1 101 Switching Protocols", await reader.ReadLineAsync(Cancellation));
            Assert.EndsWith("hello", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
        }

        var line = await _proxy.LineAsync("/tunnel");
        Assert.Equal((101, 5), (Number(line, "http.response.status_code"), Number(line, "http.response.body.size")));
        Assert.False(line.TryGetProperty("error.type", out _));
    }

    [Fact]
    public async Task Combined_lines_go_to_standard_output_and_nothing_of_a_client_ends_or_colours_them()
    {
        await using var proxy = await RunningProxy.StartAsync(
            "--origin", fixture.Site.Address, "--PushProxy:AccessLog:Format=combined", "--PushProxy:AccessLog:Query=false");
        using (var socket = new TcpClient())
        {
            await socket.ConnectAsync(proxy.Address.Host, proxy.Address.Port, Cancellation);
            var request = "GET /x\"y?token=1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\nUser-Agent: a\" \x1b[31m\xE9\" 200\r\nReferer: http://r/?token=2\r\n\r\n";
            await socket.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
            using var reader = new StreamReader(socket.GetStream());
            await reader.ReadToEndAsync(Cancellation);
        }

        await proxy.GetStringAsync("/b.css");
        await proxy.Output.WaitForAsync("/b.css");
        Assert.Matches(
            """127\.0\.0\.1 - - \[[^]]+\] "GET /x\\x22y HTTP/1\.1" \d+ \d+ "http://r/" "a\\x22 \\x1B\[31m\\xE9\\x22 200" "h" """,
            await proxy.Output.WaitForAsync("GET /x"));
        Assert.DoesNotContain("token", proxy.Output.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_adds_nothing_to_the_program()
    {
        var services = new ServiceCollection();
        services.AddAccessLog(new AccessLogOptions());

        Assert.Empty(services);
    }

    private static string? Text(JsonElement line, string name) => line.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static int Number(JsonElement line, string name) => line.GetProperty(name).GetInt32();

    private static (string? Channel, int Pushed, int Hinted, int Linked) Channels(JsonElement line) => (
        Text(line, "pushproxy.channel"), Number(line, "pushproxy.pushed"), Number(line, "pushproxy.hinted"), Number(line, "pushproxy.linked"));
}
