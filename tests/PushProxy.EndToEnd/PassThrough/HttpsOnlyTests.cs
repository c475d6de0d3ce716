using System.Net.Sockets;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>From http to https, and what is said to those who speak http where https is spoken.</summary>
public sealed class HttpsOnlyTests : InFrontOfAnOrigin
{
    private const string Name = "www.example.org";

    public HttpsOnlyTests()
    {
        Origin.On("/", "200 OK", "Content-Type: text/plain", "site");
        Origin.On("/own", "200 OK", "Content-Type: text/plain\nStrict-Transport-Security: max-age=1", "site");
        Origin.On("/.well-known/acme-challenge/token", "200 OK", "Content-Type: text/plain", "token");
    }

    [Fact]
    public async Task A_public_name_is_redirected_to_https_and_a_machine_is_not()
    {
        await using var proxy = await StartAsDeliveredAsync();
        var (http, https) = (proxy.Cleartext.Port, proxy.Secure.Port);
        var redirect = await AskAsync(proxy, $"http://{Name}:{http}/a%2Fb?x=|");
        Assert.Equal(308, redirect.Status);
        Assert.Equal($"https://{Name}:{https}/a%2Fb?x=|", redirect.Value("Location"));
        Assert.Equal(200, (await AskAsync(proxy, $"https://{Name}:{https}/")).Status);
        Assert.Equal(200, (await AskAsync(proxy, $"http://127.0.0.1:{http}/")).Status);
        Assert.Equal(200, (await AskAsync(proxy, $"http://localhost:{http}/")).Status);

        // Certificate authorities, and what has come by https as far as the next proxy.
        Assert.Equal(200, (await AskAsync(proxy, $"http://{Name}:{http}/.well-known/acme-challenge/token")).Status);
        Assert.Equal(200, (await AskAsync(proxy, $"http://{Name}:{http}/", "X-Forwarded-Proto: https")).Status);

        // Something in front maps port 80 to this one.
        Assert.Equal($"https://{Name}/", (await AskAsync(proxy, $"http://127.0.0.1:{http}/", $"Host: {Name}")).Value("Location"));
        Assert.Empty(Origin.RequestsFor("/a%2Fb"));
    }

    [Theory]
    [InlineData("true", "127.0.0.1", 308)]
    [InlineData("false", Name, 200)]
    public async Task The_setting_decides(string setting, string host, int status)
    {
        await using var proxy = await StartAsync("--PushProxy:RedirectToHttps=" + setting);
        Assert.Equal(status, (await AskAsync(proxy, $"http://{host}:{proxy.Cleartext.Port}/")).Status);
    }

    [Fact]
    public async Task Browsers_are_told_to_stay_where_theOrigin_does_not_say_so()
    {
        await using var proxy = await StartAsync("--PushProxy:StrictTransportSecurity=max-age=31536000; includeSubDomains");
        Assert.Equal("max-age=31536000; includeSubDomains", (await AskAsync(proxy, proxy.Secure + "")).Value("Strict-Transport-Security"));
        Assert.Equal(["max-age=1"], (await AskAsync(proxy, proxy.Secure + "own")).Values("Strict-Transport-Security"));
        Assert.Null((await AskAsync(proxy, proxy.Cleartext + "")).Value("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Http_on_a_port_for_https_is_answered_with_a_sentence()
    {
        await using var proxy = await StartAsync();
        var result = await ExternalTool.RunAsync("curl", ["--silent", "--show-error", "--include", $"http://127.0.0.1:{proxy.Secure.Port}/"]);
        Assert.StartsWith("HTTP/1.1 400 Bad Request\r\n", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nThis port speaks HTTPS. Write https:// instead of http:// in the address.\n", result.Output, StringComparison.Ordinal);
        Assert.Equal(200, (await AskAsync(proxy, proxy.Secure + "")).Status);

        // Garbage that is neither ends, and so does silence. Neither keeps others out, nor is it logged.
        using var garbage = new TcpClient();
        await garbage.ConnectAsync("127.0.0.1", proxy.Secure.Port, TestContext.Current.CancellationToken);
        await garbage.GetStream().WriteAsync(Encoding.Latin1.GetBytes("\u0000\u0001\u0002 nothing"), TestContext.Current.CancellationToken);
        using var silent = new TcpClient();
        await silent.ConnectAsync("127.0.0.1", proxy.Secure.Port, TestContext.Current.CancellationToken);
        Assert.Equal(200, (await AskAsync(proxy, proxy.Secure + "")).Status);
        Assert.DoesNotContain("fail:", proxy.Log, StringComparison.Ordinal);
    }

    /// <summary>With the setting as it is delivered.</summary>
    private Task<PushProxyProcess> StartAsDeliveredAsync(params string[] options) =>
        PushProxyProcess.StartAsync(Certificate.CertificateFile, Certificate.KeyFile, ["--origin", Origin.Url.AbsoluteUri, .. options]);

    private static async Task<Head> AskAsync(PushProxyProcess proxy, string url, params string[] options)
    {
        string[] resolve = [.. new[] { proxy.Cleartext.Port, proxy.Secure.Port }.SelectMany(port => new[] { Name, "localhost" }.Select(name => $"--resolve {name}:{port}:127.0.0.1"))];
        return (await Curl.HeadsAsync(new Uri(url, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }), ["--globoff", .. resolve, .. options]))[^1];
    }
}
