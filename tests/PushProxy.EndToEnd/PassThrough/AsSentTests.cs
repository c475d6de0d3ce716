using System.Collections.Concurrent;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>
/// Targets and field values arrive as they were sent, over HTTP/1.1 and HTTP/2 (RFC 9110 §7.7, §5.5). Where stock YARP sends something else,
/// the table says what.
/// </summary>
public sealed class AsSentTests(AsSentSite site) : IClassFixture<AsSentSite>
{
    private readonly TestCertificate _certificate = site.Certificate;
    private readonly RawOrigin _origin = site.Origin;
    private readonly ConcurrentDictionary<string, Head> _seen = site.Seen;

    private IProxy Ours => site.Ours;

    private IProxy Stock => site.Stock;

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
                await ExpectAsync(Ours, protocol, target, target, failures);
            }

            await ExpectAsync(Stock, "--http1.1", target, stock ?? target, failures);
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
        try
        {
            await using var client = NodeConnection.Open(Ours.Secure);
            await client.GetAsync(target, "x-id: " + id);
        }
        catch (InvalidOperationException)
        {
            // Refused.
        }

        if (_seen.TryGetValue(id, out var head))
        {
            Assert.Matches("^GET /[!-~]* HTTP/1.1$", head.StartLine);
            Assert.DoesNotContain(head.StartLine.Split('?')[0], c => c is '\\' or '#');
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
    // A destination's own path stands before everything.
    [InlineData("app", "/a%2Fb?x=|", "/app/a%2Fb?x=|")]
    [InlineData("app/", "/%41", "/app/%41")]
    [InlineData("a%20b/", "/%41", "/a%20b/%41")]
    public async Task A_target_stays_below_the_destinations_path(string folder, string target, string expected)
    {
        await using var proxy = await PushProxyProcess.StartAsync(_certificate, ["--origin", _origin.Url + folder]);
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            Assert.Equal(expected, (await AskAsync(proxy, protocol, target))?.StartLine.Split(' ')[1]);
        }
    }

    [Theory]
    [InlineData("""{ "PathRemovePrefix": "/a" }""", "/a/%41?x=|", "/A?x=%7C")]
    [InlineData("""{ "PathPrefix": "/p" }""", "/%41", "/p/A")]
    [InlineData("""{ "QueryValueParameter": "k", "Set": "v" }""", "/%41?x=1", "/A?x=1&k=v")]
    [InlineData("""{ "PathSet": "/set" }""", "/%41?x=|", "/set?x=%7C")]
    public async Task A_transform_of_the_route_comes_first(string transform, string target, string expected)
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                file,
                $$$"""
                {"ReverseProxy": {
                  "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "/{**all}" }, "Transforms": [ {{{transform}}} ] } },
                  "Clusters": { "site": { "Destinations": { "only": { "Address": "{{{_origin.Url}}}" } } } }
                }}
                """,
                TestContext.Current.CancellationToken);
            await using var proxy = await PushProxyProcess.StartAsync(_certificate, ["--config", file]);
            Assert.Equal(expected, (await AskAsync(proxy, "--http2", target))?.StartLine.Split(' ')[1]);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Field values whose bytes are the characters here.</summary>
    public static TheoryData<string, string> Values => new()
    {
        { "Content-Disposition", "inline; filename=\"caf\xe9.pdf\"" },
        { "X-Powered-By", "caf\xc3\xa9 \xe2\x82\xac" },
        { "X-All", string.Concat(Enumerable.Range(0x80, 0x80).Select(c => (char)c)) },
        { "Cookie", "name=J\u00fcrgen; utf8=\xc3\xbc" },
        { "Referer", "https://other.test/caf\xe9?q=\xc3\xa9" },
        { "X-Broken", "\xc3(\xed\xa0\x80" },
        { "User-Agent", "Gr\u00f6\u00dfe" },
    };

    [Theory]
    [InlineData("--http1.1")]
    [InlineData("--http2")]
    public async Task Field_values_are_opaque_bytes_both_ways(string protocol)
    {
        var fields = Values.Select(row => row.Data).ToList();
        _origin.On("/values", request =>
        {
            _seen[request.Head.Value("X-Id") ?? ""] = request.Head;
            return request.WriteAsync(
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + string.Concat(fields.Select(f => $"{f.Item1}: {f.Item2}\r\n")) + "\r\nok");
        });
        var heads = Path.GetTempFileName();
        try
        {
            var head = await AskAsync(Ours, protocol, "/values", [.. fields.Select(f => $"{f.Item1}: {f.Item2}")], "--dump-header", heads);
            var answer = await File.ReadAllTextAsync(heads, Encoding.Latin1, TestContext.Current.CancellationToken);
            Assert.All(fields, f =>
            {
                Assert.Equal(f.Item2, head?.Value(f.Item1));
                Assert.Contains($"{f.Item1}: {f.Item2}\r\n", answer, StringComparison.OrdinalIgnoreCase);
            });
        }
        finally
        {
            File.Delete(heads);
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("5")]
    public async Task No_content_comes_without_a_length_whatever_the_origin_says(string length)
    {
        _origin.On("/none", $"HTTP/1.1 204 No Content\r\nX-Kind: none\r\nContent-Length: {length}\r\n\r\n");
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            var head = Assert.Single(await Curl.HeadsAsync(new Uri(Ours.Secure, "/none"), protocol));
            Assert.Equal(204, head.Status);
            Assert.Equal("none", head.Value("X-Kind"));
            Assert.Null(head.Value("Content-Length"));
        }
    }

    private async Task ExpectAsync(IProxy proxy, string protocol, string target, string expected, List<string> failures)
    {
        var head = await AskAsync(proxy, protocol, target);
        var arrived = head?.StartLine.Split(' ')[1] ?? "nothing";
        if (arrived != expected)
        {
            failures.Add($"{proxy.GetType().Name} {protocol} {target}: {arrived}, expected {expected}");
        }
    }

    /// <summary>Asks by curl, which is told everything in a file, because arguments are not bytes. Returns what the origin got.</summary>
    private async Task<Head?> AskAsync(IProxy proxy, string protocol, string target, string[]? fields = null, params string[] options)
    {
        var id = Guid.NewGuid().ToString("N");
        var url = proxy.Secure.GetLeftPart(UriPartial.Authority) + target;
        var file = Path.GetTempFileName();
        try
        {
            var lines = (fields ?? []).Append("X-Id: " + id).Select(f => $"header = \"{Quoted(f)}\"").Append($"url = \"{Quoted(url)}\"");
            await File.WriteAllTextAsync(file, string.Join('\n', lines) + "\n", Encoding.Latin1);
            var result = await ExternalTool.RunAsync(
                "curl", ["--silent", "--show-error", "--insecure", "--globoff", "--path-as-is", protocol, "--output", "/dev/null", .. options, "--config", file]);
            return result.ExitCode == 0 ? _seen.GetValueOrDefault(id) : throw new InvalidOperationException($"curl, {target}: {result.Error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}

/// <summary>PushProxy and stock YARP in front of an origin that notes what reaches it.</summary>
public sealed class AsSentSite : IAsyncLifetime
{
    private readonly List<IProxy> _proxies = [];

    /// <summary>Of both proxies.</summary>
    public TestCertificate Certificate { get; } = new();

    /// <summary>What stands behind them.</summary>
    public RawOrigin Origin { get; } = new();

    /// <summary>What reached it, by the field <c>X-Id</c>.</summary>
    public ConcurrentDictionary<string, Head> Seen { get; } = [];

    /// <summary>PushProxy.</summary>
    public IProxy Ours => _proxies[0];

    /// <summary>Stock YARP.</summary>
    public IProxy Stock => _proxies[1];

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Origin.Otherwise(request =>
        {
            Seen[request.Head.Value("X-Id") ?? ""] = request.Head;
            return request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/plain", "ok"));
        });
        _proxies.Add(await PushProxyProcess.StartAsync(Certificate, ["--origin", Origin.Url.AbsoluteUri]));
        _proxies.Add(await StockYarp.StartAsync(
            $$$"""
            {"ReverseProxy": {
              "Routes": { "all": { "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
              "Clusters": { "site": { "Destinations": { "only": { "Address": "{{{Origin.Url}}}" } } } }
            }}
            """,
            Certificate));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _proxies)
        {
            await proxy.DisposeAsync();
        }

        await Origin.DisposeAsync();
        Certificate.Dispose();
    }
}
