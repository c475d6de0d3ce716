using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>
/// Targets arrive as they were sent, over HTTP/1.1 and HTTP/2 (RFC 9110 §7.7). Where stock YARP sends something else, the table says what.
/// </summary>
public sealed class AsSentTests(AsSentSite site) : IClassFixture<AsSentSite>
{
    /// <summary>A target, and what stock YARP makes of it if that is something else.</summary>
    public static TheoryData<string, string?> Targets => new()
    {
        { "/", null },
        { "/a%2Fb", "/a%252Fb" },
        { "/a%2fb", "/a%252fb" },
        { "/%C3", "/%25C3" },
        { "/old/caf%E9.txt", "/old/caf%25E9.txt" },
        { "/caf%C3%A9", null },
        { "/caf%c3%a9", "/caf%C3%A9" },
        { "/a+b%2Bc", "/a+b+c" },
        { "/a%20b", null },
        { "//a//b", null },
        { "/a//", null },
        { "/%7Eu", "/~u" },
        { "/~u", null },
        { "/%41bc", "/Abc" },
        { "/@types%2fcors", "/@types%252fcors" },
        { "/@types/cors", null },
        { "/a;v=1;w=2/b", null },
        { "/a%3Bv=1", "/a;v=1" },
        { "/a%3Fb", null },
        { "/a%23b", null },
        { "/a%25b", null },
        { "/a%2525b", null },
        { "/a%5Cb", null },
        { "/a%7Cb", null },
        { "/a|b", "/a%7Cb" },
        { "/a!$&'()*,=:b", null },
        { "/a%21%24%26%27%28%29%2A%2C%3D%3A", "/a!$&'()*,=:" },
        { "/a[1]", "/a%5B1%5D" },
        { "/a%5B1%5D", null },
        { "/{id}", "/%7Bid%7D" },
        { "/%7Bid%7D", null },
        { "/a^b`c", "/a%5Eb%60c" },
        { "/%E2%82%AC", null },
        { "/%F0%9F%98%80", null },
        { "/%ED%A0%80", "/%25ED%25A0%2580" },
        { "/%FF%FE", "/%25FF%25FE" },
        { "/%82%A0.html", "/%2582%25A0.html" },
        { "/a%09b", null },
        { "/a%0D%0Ab", null },
        { "/a%7Fb", null },
        { "/a%", "/a%25" },
        { "/a%zz", "/a%25zz" },
        { "/a%2", "/a%252" },
        { "/index.php/2024/01/title/", null },
        { "/w/index.php?title=Main_Page&action=edit", null },
        { "/x?", null },
        { "/x??", null },
        { "/x?a=b|c", "/x?a=b%7Cc" },
        { "/x?a=%7C", null },
        { "/x?a[]=1&a[]=2", null },
        { "/x?a=%5B%5D", null },
        { "/x?q=a+b%2Bc%20d", null },
        { "/x?q=caf%E9", null },
        { "/x?q=%C3%A9%c3%a9", "/x?q=%C3%A9%C3%A9" },
        { "/x?q=%zz&r=%", "/x?q=%25zz&r=%25" },
        { "/x?q={a}^`\\", "/x?q=%7Ba%7D%5E%60%5C" },
        { "/x?q=\"a\"<b>", "/x?q=%22a%22%3Cb%3E" },
        { "/x?q='a'", null },
        { "/x?a=1&a=2&&b", null },
        { "/x?a=1;b=2", null },
        { "/x?http://other.test/a/../b", null },
        { "/x?u=http%3A%2F%2Fother.test%2Fa%2F..%2Fb", null },
        { "/x?a=%2e%2E/", "/x?a=../" },
        { "/x?%00", null },
        { "/%2541", null },
        { "/a/b.%2E", "/a/b.." },
        { "/a...b/.c/..d/e.", null },
    };

    [Fact]
    public async Task Targets_arrive_as_they_were_sent()
    {
        var failures = new List<string>();
        foreach (var (target, stock) in Targets.Select(row => row.Data))
        {
            foreach (var protocol in (string[])["--http1.1", "--http2"])
            {
                await ExpectAsync(site.Ours, protocol, target, target, failures);
            }

            await ExpectAsync(site.Stock, "--http1.1", target, stock ?? target, failures);
        }

        Assert.True(failures.Count == 0, string.Join("\n", failures));
    }

    [Theory]
    // HTTP/2 has room for what would end a target on the request line of HTTP/1.1, and what some servers take for a slash.
    [InlineData("/a HTTP/1.1")]
    [InlineData("/x?a HTTP/1.0")]
    [InlineData("/x?a\tb")]
    [InlineData("/x?q=\u00e9")]
    [InlineData("/\u00e9")]
    [InlineData("/x?q=\u0001\u007f")]
    [InlineData("/..\\..\\secret")]
    [InlineData("/a?b#c")]
    public async Task A_target_that_has_no_place_on_a_request_line_is_encoded_or_refused(string target)
    {
        var id = Guid.NewGuid().ToString("N");
        NodeAnswer? answer = null;
        await using var client = NodeConnection.Open(site.Ours.Secure);
        try
        {
            answer = await client.GetAsync(target, "x-id: " + id);
        }
        catch (InvalidOperationException)
        {
            // The stream was reset, or Node itself does not send it.
        }

        if (site.Seen.TryGetValue(id, out var head))
        {
            Assert.Matches("^GET /[!-~]* HTTP/1.1$", head.StartLine);
            Assert.DoesNotContain(head.StartLine.Split('?')[0], c => c is '\\' or '#');
        }
        else
        {
            Assert.True(answer is null or { Status: 400 }, $"Nothing reached the origin, and the client was answered {answer?.Status}.");
        }
    }

    [Theory]
    // Dots are resolved, as for routes, so that nothing leaves the destination's own path.
    [InlineData("", "/a/../b%2Fc", "/b%252Fc")]
    [InlineData("", "/a/./b", "/a/b")]
    [InlineData("", "/%2e%2e/b", "/b")]
    [InlineData("", "/a/%2E%2e/b", "/b")]
    [InlineData("app", "/../b", "/app/b")]
    [InlineData("app", "/%2e%2e/%2e%2e/b", "/app/b")]
    // What some servers take for dots and slashes is encoded once more.
    [InlineData("app", "/..%2fb", "/app/..%252fb")]
    [InlineData("app", "/%2e%2e%2Fb", "/app/..%252Fb")]
    [InlineData("app", "/x/..%2f..%2fb", "/app/x/..%252f..%252fb")]
    [InlineData("app", "/..%5cb", "/app/..%5Cb")]
    [InlineData("app", "/..;/b", "/app/..;/b")]
    // A destination's own path stands before everything.
    [InlineData("app", "/a%2Fb?x=|", "/app/a%2Fb?x=|")]
    [InlineData("app/", "/%41", "/app/%41")]
    [InlineData("a%20b/", "/%41", "/a%20b/%41")]
    public async Task A_target_stays_below_the_destinations_path(string folder, string target, string expected)
    {
        await using var proxy = await PushProxyProcess.StartAsync(site.Certificate, ["--origin", site.Origin.Url + folder]);
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            Assert.Equal(expected, (await site.AskAsync(proxy, protocol, target))?.StartLine.Split(' ')[1]);
        }
    }

    [Theory]
    [InlineData("""{ "PathRemovePrefix": "/a" }""", "/a/%41?x=|", "/A?x=%7C")]
    [InlineData("""{ "PathPrefix": "/p" }""", "/%41", "/p/A")]
    [InlineData("""{ "QueryValueParameter": "k", "Set": "v" }""", "/%41%2Fb?x=1", "/%41%2Fb?x=1&k=v")]
    [InlineData("""{ "PathSet": "/set" }""", "/%41?x=|", "/set?x=%7C")]
    public async Task A_transform_of_the_route_comes_first(string transform, string target, string expected)
    {
        using var file = new TemporaryFile(
            $$$"""
            {"ReverseProxy": {
              "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "/{**all}" }, "Transforms": [ {{{transform}}} ] } },
              "Clusters": { "site": { "Destinations": { "only": { "Address": "{{{site.Origin.Url}}}" } } } }
            }}
            """);
        await using var proxy = await PushProxyProcess.StartAsync(site.Certificate, "--config", file.Path);
        Assert.Equal(expected, (await site.AskAsync(proxy, "--http2", target))?.StartLine.Split(' ')[1]);
    }

    private async Task ExpectAsync(IProxy proxy, string protocol, string target, string expected, List<string> failures)
    {
        var head = await site.AskAsync(proxy, protocol, target);
        var arrived = head?.StartLine.Split(' ')[1] ?? "nothing";
        if (arrived != expected)
        {
            failures.Add($"{proxy.GetType().Name} {protocol} {target}: {arrived}, expected {expected}");
        }
    }
}
