using System.IO.Compression;
using System.Net;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Beacon;

/// <summary>What of a page changes with the beacon, and what does not, with the store, compression and shells.</summary>
public sealed class BeaconTests(BeaconedSite site) : IClassFixture<BeaconedSite>
{
    private static readonly string Html = ScriptedSite.Html(string.Concat(Enumerable.Repeat("<meta name=a content=b>", 64)));

    [Fact]
    public async Task A_stored_page_is_stored_without_tag_and_leaves_compressed_with_it()
    {
        site.Origin.On("/stored", "200 OK", "Content-Type: text/html\nCache-Control: max-age=60\nETag: \"v1\"", Html);
        using var client = Client();
        string[] tags = [];
        for (var i = 0; i < 4; i++)
        {
            var (page, body, coding) = await ViewAsync(client, "/stored");
            Assert.Equal("br", coding);
            Assert.Equal("W/\"v1\"", page.Headers.ETag!.ToString());
            tags = [.. tags, TagOf(body)];
            Assert.Equal(Html, body.Replace(tags[i], "", StringComparison.Ordinal));
        }

        Assert.Single(tags.Distinct());
        Assert.Single(site.Origin.RequestsFor("/stored"));
        var (_, plain, _) = await ViewAsync(client, "/stored", "empty");
        Assert.Equal(Html, plain);

        using var again = Request("/stored", "document");
        again.Headers.TryAddWithoutValidation("If-None-Match", "W/\"v1\"");
        using var known = await client.SendAsync(again, TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.NotModified, "W/\"v1\""), (known.StatusCode, known.Headers.ETag!.ToString()));
        Assert.Single(site.Origin.RequestsFor("/stored"));
    }

    [Fact]
    public async Task Of_those_who_wait_for_one_answer_each_gets_what_is_his()
    {
        using var client = Client();
        site.Origin.On("/awaited", "200 OK", "Content-Type: text/html\nCache-Control: no-cache\nETag: \"v1\"", "an older page");
        await ViewAsync(client, "/awaited");

        // Those who ask whether what is stored is still right wait for each other.
        site.Origin.On("/awaited", "200 OK", "Content-Type: text/html\nCache-Control: no-cache\nETag: \"v2\"", Html);
        var held = site.Origin.Hold("/awaited");
        var views = Enumerable.Range(0, 6).Select(i => ViewAsync(client, "/awaited", i % 2 == 0 ? "document" : "empty")).ToArray();
        await Eventually.EqualAsync(5, async () => (int)await site.Proxy.MetricAsync("pushproxy_cache_waiting"));
        held.Release();
        var bodies = (await Task.WhenAll(views)).Select(static v => v.Body).ToArray();
        for (var i = 0; i < bodies.Length; i++)
        {
            Assert.Equal(Html, i % 2 == 0 ? bodies[i].Replace(TagOf(bodies[i]), "", StringComparison.Ordinal) : bodies[i]);
        }
    }

    [Fact]
    public async Task A_page_that_its_origin_has_compressed_passes_as_it_is()
    {
        using var gzipped = new MemoryStream();
        await using (var gzip = new GZipStream(gzipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            await gzip.WriteAsync(Encoding.ASCII.GetBytes(Html), TestContext.Current.CancellationToken);
        }

        var body = gzipped.ToArray();
        site.Origin.On("/gzip", async request =>
        {
            await request.WriteAsync(
                $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: gzip\r\nETag: \"v1\"\r\nContent-Length: {body.Length}\r\n\r\n");
            await request.WriteAsync(body);
        });
        using var client = Client();
        using var request = Request("/gzip", "document");
        using var page = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(body, await page.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal("\"v1\"", page.Headers.ETag!.ToString());
        Assert.Equal(1, await site.Proxy.MetricAsync("pushproxy_beacon_pages_total", "outcome=\"encoded\""));
    }

    [Fact]
    public async Task A_page_that_begins_with_a_shell_has_one_tag_in_it_and_the_shell_stays_right()
    {
        site.Shop("/shell");
        await site.LearnAsync("/shell");
        var before = await site.Proxy.MetricAsync("pushproxy_shells_total", "sent=\"true\"", "fault=\"none\"");
        using var client = Client();
        var (_, body, _) = await ViewAsync(client, "/shell");
        Assert.StartsWith(BeaconedSite.Start, body.Replace(TagOf(body), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.EndsWith("</p></main></body></html>", body, StringComparison.Ordinal);
        await Eventually.EqualAsync(
            (int)before + 1, async () => (int)await site.Proxy.MetricAsync("pushproxy_shells_total", "sent=\"true\"", "fault=\"none\""));
        Assert.Equal(0, await site.Proxy.MetricAsync("pushproxy_errors_total"));
    }

    [Fact]
    public async Task HEAD_is_answered_as_the_origin_does()
    {
        site.Origin.On("/head", "200 OK", "Content-Type: text/html\nETag: \"v1\"", Html);
        var head = Assert.Single(await Curl.HeadsAsync(
            new Uri(site.Proxy.Secure, "/head"), "--http2", "--head", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate"));
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

    private HttpRequestMessage Request(string path, string destination)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(site.Proxy.Secure, path))
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

    private async Task<(HttpResponseMessage Page, string Body, string? Coding)> ViewAsync(
        HttpClient client, string path, string destination = "document")
    {
        using var request = Request(path, destination);
        var page = await client.SendAsync(request);
        var coding = page.Content.Headers.ContentEncoding.SingleOrDefault();
        await using var content = await page.Content.ReadAsStreamAsync();
        await using var decoded = coding == "br" ? new BrotliStream(content, CompressionMode.Decompress) : content;
        using var reader = new StreamReader(decoded);
        return (page, await reader.ReadToEndAsync(), coding);
    }
}
