using PushProxy.Server.Tests.Support;
using PushProxy.Testing.Origins;

namespace PushProxy.Server.Tests.Inspection;

/// <summary>What sites say that mean harm to the terminal or to the program that asks them.</summary>
public sealed class HostileSiteTests : IAsyncLifetime
{
    private const string Evil = "\u001b]0;evil\u0007\u001b[31m\u009b2J\u007f\u0085";

    private readonly RawOrigin _site = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    public static TheoryData<string> Answers { get; } =
    [
        $"HTTP/1.1 404 No{Evil}\r\nContent-Length: 0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Type: text/pl{Evil}\r\nContent-Length: 0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nBad {Evil} line\r\n\r\n",
        $"HTTX {Evil}\r\n\r\n",
        $"HTTP/1.1 302 Found\r\nLocation: ftp://a/{Evil}\r\nContent-Length: 0\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n{Evil}\r\nhello",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Its_control_characters_do_not_reach_the_terminal(string answer)
    {
        _site.On("/", answer);

        var result = await Pushproxy.RunAsync("inspect", _site.Url.AbsoluteUri);

        Assert.NotEqual("", result.Error);
        AssertPrintable(result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData()]
    [InlineData("--json")]
    public async Task Nor_do_those_in_the_URLs_of_its_pages(params string[] options)
    {
        const string html = "<!DOCTYPE html><meta charset=utf-8><link rel=stylesheet href='http://a:b&#x202e;gnp.exe:99999/'>"
            + "<script src='http://[&#27;]0;x&#7;'></script><link rel=stylesheet href='http://ev&#x9b;31m il/&#27;[31m'>"
            + "<link rel=stylesheet href='a&#x2028;&#x200f;&#xad;&#x2066;.css'><img src='java&#x85;script:x' width=800 height=500>";
        _site.On("/", $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {html.Length}\r\n\r\n{html}");

        var result = await Pushproxy.RunAsync(["inspect", _site.Url.AbsoluteUri, .. options]);

        AssertPrintable(result.Output);
        AssertPrintable(result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("healthcheck")]
    [InlineData("purge", "--all", "--management")]
    public async Task Nor_do_those_of_what_answers_in_place_of_the_proxy(params string[] verb)
    {
        var body = $"one{Evil}\u202e\ntwo";
        _site.Otherwise(request => request.WriteAsync($"HTTP/1.1 200 {Evil}\r\nContent-Length: {body.Length}\r\n\r\n{body}".Replace('\u202e', '?')));

        var result = await Pushproxy.RunAsync([.. verb, _site.Url.AbsoluteUri]);

        Assert.StartsWith("200 one\\u001b]0;evil", result.Output, StringComparison.Ordinal);
        Assert.EndsWith("\ntwo\n", result.Output, StringComparison.Ordinal);
        AssertPrintable(result.Output);
    }

    [Fact]
    public async Task Nor_do_those_of_an_origin_by_the_log()
    {
        _site.On("/status", $"HTTX {Evil}\r\n\r\n").On("/field", $"HTTP/1.1 200 OK\r\nBad {Evil} line\r\n\r\n")
            .On("/coding", $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: x{Evil}\r\nContent-Length: 1\r\n\r\nx");
        await using var proxy = await RunningProxy.StartAsync(
            "--origin", _site.Url.AbsoluteUri, "--Logging:LogLevel:Default=Debug", "--Logging:LogLevel:Yarp=Debug",
            "--Logging:LogLevel:Microsoft=Debug",
            "--Logging:LogLevel:Yarp.ReverseProxy.Forwarder.HttpForwarder=Debug", "--Logging:LogLevel:Microsoft.AspNetCore=Debug");
        foreach (var path in (string[])["/status", "/field", "/coding", "/%1b%5b31m%c2%9b"])
        {
            await proxy.StatusAsync(path);
        }

        await proxy.Log.WaitForAsync("Bad ");
        AssertPrintable(proxy.Log.Text);
    }

    private static void AssertPrintable(string text) =>
        Assert.DoesNotContain(text, static c => (char.IsControl(c) && c != '\n')
            || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.Format
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator);
}
