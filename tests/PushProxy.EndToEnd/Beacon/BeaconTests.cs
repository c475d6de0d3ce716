using System.IO.Compression;
using System.Net;
using System.Text;
using PushProxy.EndToEnd.Shells;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Beacon;

/// <summary>What of a page changes with the beacon, and what does not, with the store, compression and shells.</summary>
public sealed class BeaconTests : ShellCase
{
    private const string On = "--PushProxy:Defaults:Beacon=true", All = "--PushProxy:Defaults:Cache=all";

    private static readonly string Html = ScriptedSite.Html(string.Concat(Enumerable.Repeat("<meta name=a content=b>", 64)));

    [Fact]
    public async Task A_stored_page_is_stored_without_tag_and_leaves_compressed_with_it()
    {
        await using var proxy = await StartAsync(On, All);
        Origin.On("/", "200 OK", "Content-Type: text/html\nCache-Control: max-age=60\nETag: \"v1\"", Html);
        using var client = Client();
        string[] tags = [];
        for (var i = 0; i < 4; i++)
        {
            var (page, body, coding) = await ViewAsync(client, proxy);
            Assert.Equal("br", coding);
            Assert.Equal("W/\"v1\"", page.Headers.ETag!.ToString());
            tags = [.. tags, TagOf(body)];
            Assert.Equal(Html, body.Replace(tags[i], "", StringComparison.Ordinal));
        }

        Assert.Single(tags.Distinct());
        Assert.Single(Origin.RequestsFor("/"));
        var (_, plain, _) = await ViewAsync(client, proxy, "empty");
        Assert.Equal(Html, plain);

        using var again = Request(proxy, "document");
        again.Headers.TryAddWithoutValidation("If-None-Match", "W/\"v1\"");
        using var known = await client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NotModified, "W/\"v1\""), (known.StatusCode, known.Headers.ETag!.ToString()));
        Assert.Single(Origin.RequestsFor("/"));
    }

    [Fact]
    public async Task Of_those_who_wait_for_one_answer_each_gets_what_is_his()
    {
        await using var proxy = await StartAsync(On, All);
        Origin.On("/", "200 OK", "Content-Type: text/html\nCache-Control: max-age=60", Html);
        var held = Origin.Hold("/");
        using var client = Client();
        var views = Enumerable.Range(0, 6).Select(i => ViewAsync(client, proxy, i % 2 == 0 ? "document" : "empty")).ToArray();
        await Eventually.EqualAsync(5, async () => (int)await proxy.MetricAsync("pushproxy_cache_waiting"));
        held.Release();
        var bodies = (await Task.WhenAll(views)).Select(static v => v.Body).ToArray();
        for (var i = 0; i < bodies.Length; i++)
        {
            Assert.Equal(Html, i % 2 == 0 ? bodies[i].Replace(TagOf(bodies[i]), "", StringComparison.Ordinal) : bodies[i]);
        }

        Assert.Single(Origin.RequestsFor("/"));
    }

    [Theory]
    [InlineData("--PushProxy:Defaults:Cache=off", "--PushProxy:Defaults:Compression=false")]
    [InlineData("--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:Compression=true")]
    public async Task A_page_that_its_origin_has_compressed_passes_as_it_is(params string[] options)
    {
        await using var proxy = await StartAsync([On, .. options]);
        using var gzipped = new MemoryStream();
        await using (var gzip = new GZipStream(gzipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.ASCII.GetBytes(Html), TestContext.Current.CancellationToken);
        }

        var body = gzipped.ToArray();
        Origin.On("/", async request =>
        {
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: \"v1\"\r\nContent-Length: {body.Length}\r\n\r\n");
            await request.WriteAsync(body);
        });
        using var client = Client();
        using var request = Request(proxy, "document");
        using var page = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(body, await page.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("\"v1\"", page.Headers.ETag!.ToString());
        Assert.Equal(1, await proxy.MetricAsync("pushproxy_beacon_pages_total", "outcome=\"encoded\""));
    }

    [Fact]
    public async Task A_page_that_begins_with_a_shell_has_one_tag_in_it_and_the_shell_stays_right()
    {
        await using var proxy = await StartShellsAsync(On);
        Shop("/");
        await LearnAsync(proxy, "/");
        var before = await proxy.MetricAsync("pushproxy_shells_total", "sent=\"true\"", "fault=\"none\"");
        using var client = Client();
        var (_, body, _) = await ViewAsync(client, proxy);
        Assert.StartsWith(Beginning, body.Replace(TagOf(body), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("</p></main></body></html>", body, StringComparison.Ordinal);
        await Eventually.EqualAsync(
            (int)before + 1, async () => (int)await proxy.MetricAsync("pushproxy_shells_total", "sent=\"true\"", "fault=\"none\""));
        Assert.Equal(0, await proxy.MetricAsync("pushproxy_errors_total"));
    }

    [Fact]
    public async Task HEAD_is_answered_as_the_origin_does()
    {
        await using var proxy = await StartAsync(On);
        Origin.On("/", "200 OK", "Content-Type: text/html\nETag: \"v1\"", Html);
        var head = Assert.Single(await Curl.HeadsAsync(
            proxy.Secure, "--http2", "--head", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"));
        Assert.Equal(("\"v1\"", $"{Html.Length}"), (head.Value("ETag"), head.Value("Content-Length")));
    }

    private static string TagOf(string body)
    {
        var start = body.IndexOf("<script async", StringComparison.Ordinal);
        Assert.True(start > 0, body);
        Assert.EndsWith("<head>", body[..start], StringComparison.Ordinal);
        var tag = body[start..(body.IndexOf("</script>", start, StringComparison.Ordinal) + "</script>".Length)];
        Assert.DoesNotContain("<script async", body[(start + tag.Length)..], StringComparison.Ordinal);
        return tag;
    }

    private static HttpClient Client() => new(Http2Client.NewHandler()) { Timeout = TimeSpan.FromSeconds(60) };

    private static HttpRequestMessage Request(PushProxyProcess proxy, string destination)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, proxy.Secure)
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var (name, value) in new[]
        {
            ("sec-fetch-dest", destination), ("sec-fetch-mode", destination == "document" ? "navigate" : "cors"), ("accept", "text/html"),
            ("user-agent", "Mozilla/5.0"), ("accept-encoding", "gzip, br"),
        })
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    private static async Task<(HttpResponseMessage Page, string Body, string? Coding)> ViewAsync(
        HttpClient client, PushProxyProcess proxy, string destination = "document")
    {
        using var request = Request(proxy, destination);
        var page = await client.SendAsync(request);
        var coding = page.Content.Headers.ContentEncoding.SingleOrDefault();
        await using var content = await page.Content.ReadAsStreamAsync();
        await using var decoded = coding switch { "br" => new BrotliStream(content, CompressionMode.Decompress), null => content, _ => throw new InvalidDataException(coding) };
        using var reader = new StreamReader(decoded);
        return (page, await reader.ReadToEndAsync(), coding);
    }
}
