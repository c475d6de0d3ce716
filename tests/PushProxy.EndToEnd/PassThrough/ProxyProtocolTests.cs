using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>The address of clients behind a proxy that speaks the PROXY protocol, and what happens to those who do not.</summary>
public sealed class ProxyProtocolTests : InFrontOfAnOrigin
{
    private const string Listen = "https://127.0.0.1:0";

    public ProxyProtocolTests() => Origin.On("/", "200 OK", "Content-Type: text/plain", "site");

    [Theory]
    [InlineData("send-proxy", "--http1.1")]
    [InlineData("send-proxy", "--http2")]
    [InlineData("send-proxy-v2", "--http1.1")]
    [InlineData("send-proxy-v2", "--http2")]
    public async Task HAProxy_tells_who_the_client_is(string version, string protocol)
    {
        await using var proxy = await StartAsync();
        await using var balancer = await TcpBalancer.StartAsync(proxy.Secure.Port, version);

        // What a client writes into the other fields is not believed: it is no trusted proxy.
        var head = (await Curl.HeadsFromAsync(
            "127.88.5.5", balancer.Url, protocol, "X-Forwarded-For: 1.1.1.1", "X-Forwarded-Proto: http"))[^1];
        Assert.Equal(200, head.Status);
        Assert.Equal("127.88.5.5", Origin.RequestsFor("/")[^1].Value("X-Forwarded-For"));
        Assert.Equal("https", Origin.RequestsFor("/")[^1].Value("X-Forwarded-Proto"));
    }

    [Theory]
    // 203.0.113.7:4711; 2001:db8::7, with a value of another kind behind; a connection of the proxy's own.
    [InlineData("21110014CB007107C00002011267 01BB 04 0005 68656C6C6F", "203.0.113.7")]
    [InlineData("2121002A20010DB8000000000000000000000007 20010DB8000000000000000000000001 1267 01BB 030003AABBCC", "2001:db8::7")]
    [InlineData("20000000", "127.77.1.1")]
    public async Task The_second_version_does_too_in_any_pieces(string block, string client)
    {
        await using var proxy = await StartAsync();
        var bytes = Convert.FromHexString("0D0A0D0A000D0A515549540A" + block.Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(proxy, "127.77.1.1", bytes, pieces: false));
        Assert.Equal(client, Origin.RequestsFor("/")[^1].Value("X-Forwarded-For"));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(proxy, "127.77.1.1", bytes, pieces: true));
    }

    [Fact]
    public async Task Who_does_not_speak_it_or_may_not_is_cut_off_and_others_are_not()
    {
        await using var proxy = await StartAsync();
        Assert.Null(await AskAsync(proxy, "127.77.1.1", [], pieces: false));
        Assert.Null(await AskAsync(proxy, "127.77.1.1", Encoding.ASCII.GetBytes("PROXY TCP4 203.0.113.7\r\n"), pieces: false));
        Assert.Null(await AskAsync(proxy, "127.78.1.1", Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"), pieces: false));
        Assert.Equal("HTTP/1.1 200 OK", await AskAsync(proxy, "127.77.1.1", Encoding.ASCII.GetBytes("PROXY UNKNOWN\r\n"), pieces: true));
        Assert.Equal(
            "HTTP/1.1 200 OK",
            await AskAsync(proxy, "127.77.1.1", Encoding.ASCII.GetBytes("PROXY TCP6 2001:db8::7 2001:db8::1 4711 443\r\n"), pieces: true));
        Assert.Equal("2001:db8::7", Origin.RequestsFor("/")[^1].Value("X-Forwarded-For"));

        // One line for all of them, and no stack trace.
        Assert.Single(proxy.LinesWith("A connection was ended"));
        Assert.DoesNotContain("   at ", proxy.Log, StringComparison.Ordinal);
    }

    [Theory]
    // Who the client is, is not known: version 1, the balancer's own connection, no address, UDP, a Unix socket.
    [InlineData("PROXY UNKNOWN\r\n", "127.77.1.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0", "127.77.1.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\0\0\0", "127.77.1.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0012\0\0", "127.77.1.1")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\u0021\u0031\0\0", "127.77.1.1")]
    // It is one of those who are trusted.
    [InlineData("PROXY TCP4 127.77.9.9 192.0.2.1 4711 443\r\n", "127.77.9.9")]
    [InlineData("PROXY TCP6 ::ffff:127.77.9.9 ::1 4711 443\r\n", "127.77.9.9")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 4711 443\r\n", "203.0.113.7")]
    public async Task What_a_client_writes_about_itself_is_not_believed_and_not_passed_on(string before, string client)
    {
        using var file = new TemporaryFile("""
            { "ReverseProxy": { "Routes": { "all": { "Match": { "Path": "/{**all}" }, "Transforms": [ { "X-Forwarded": "Append" } ] } } } }
            """);
        await using var proxy = await StartAsync("--config", file.Path);
        var status = await AskAsync(
            proxy, "127.77.1.1", Encoding.Latin1.GetBytes(before), pieces: false, "X-Forwarded-For: 6.6.6.6", "X-Forwarded-Proto: http",
            "X-Forwarded-Host: evil.test", "X-Forwarded-Prefix: /evil", "Forwarded: for=7.7.7.7;proto=http");

        Assert.Equal("HTTP/1.1 200 OK", status);
        var seen = Origin.RequestsFor("/")[^1];
        Assert.Equal(client, seen.Value("X-Forwarded-For")?.Replace("::ffff:", "", StringComparison.Ordinal));
        Assert.Equal("https", seen.Value("X-Forwarded-Proto"));
        Assert.Equal("localhost", seen.Value("X-Forwarded-Host"));
        Assert.Null(seen.Value("X-Forwarded-Prefix"));
        Assert.Null(seen.Value("Forwarded"));
    }

    private new Task<PushProxyProcess> StartAsync(params string[] options) =>
        base.StartAsync([$"--PushProxy:ProxyProtocol={Listen}", "--PushProxy:TrustedProxies=127.77.0.0/16;127.0.0.1", .. options]);

    /// <summary>Sends bytes before TLS, and a request after it.</summary>
    /// <returns>The status line; null if the connection was ended.</returns>
    private static async Task<string?> AskAsync(PushProxyProcess proxy, string from, byte[] before, bool pieces, params string[] fields)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(from), 0));
        await socket.ConnectAsync("127.0.0.1", proxy.Secure.Port, cancellation);
        try
        {
            foreach (var piece in pieces ? before.Chunk(1) : [before])
            {
                await socket.SendAsync(piece, cancellation);
                await Task.Yield();
            }

            // Whoever it is: the certificate is the test's own.
            await using var tls = new SslStream(new NetworkStream(socket), false, static (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, cancellation);
            string[] head = ["GET / HTTP/1.1", "Host: localhost", "User-Agent: test", "Connection: close", .. fields, "", ""];
            await tls.WriteAsync(Encoding.ASCII.GetBytes(string.Join("\r\n", head)), cancellation);
            using var reader = new StreamReader(tls, Encoding.Latin1);
            return await reader.ReadLineAsync(cancellation);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
