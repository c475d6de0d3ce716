using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Cache.Flights;
using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;
using ZstdSharp;

namespace PushProxy.Cache.Tests;

public sealed class EncodingTests
{
    private static readonly string Text = string.Join('\n', Enumerable.Range(0, 400).Select(static i => $".class-{i % 37} {{ color: #{i:x6} }}"));
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip, deflate, br, zstd", "zstd", "zstd")]
    [InlineData("gzip, deflate, br", "br", "br")]
    [InlineData("gzip", "gzip", "gzip")]
    [InlineData("x-gzip", "gzip", "gzip")]
    [InlineData("gzip;q=1, br;q=0.5, zstd;q=0.2", "gzip", "gzip")]
    [InlineData("br;q=0, *", "zstd", "zstd")]
    [InlineData("*;q=0.5, gzip;q=0.8", "gzip", "gzip")]
    [InlineData("identity, gzip;q=0.5", null, null)]
    [InlineData("gzip;q=0", null, null)]
    [InlineData("gzip;q=nonsense", null, null)]
    [InlineData("", null, null)]
    [InlineData(null, null, null)]
    public async Task Text_leaves_as_the_client_wants_it_quickly_first_and_then_from_memory(string? accepts, string? streamed, string? stored)
    {
        await using var site = await OriginAsync();
        var first = await GetAsync(site, accepts);
        Assert.Equal((streamed, Text), (first.Coding, first.Text));
        await UntilEncodedAsync(site);
        var second = await GetAsync(site, accepts);
        Assert.Equal((stored, Text, 1), (second.Coding, second.Text, site.Requests));
        Assert.Equal(second.Bytes, second.Length);
        Assert.True(stored is null || second.Bytes < first.Bytes);
        foreach (var answer in new[] { first, second })
        {
            Assert.Equal(("Accept-Encoding", answer.Coding is null ? "\"v1\"" : "W/\"v1\""), (answer.Vary, answer.Tag));
            Assert.Equal(answer.Coding is null, answer.HasDigest);
        }
    }

    [Fact]
    public async Task What_somebody_changes_on_its_way_is_encoded_as_it_leaves()
    {
        await using var site = await OriginAsync();
        var first = await GetAsync(site, "br");
        await UntilEncodedAsync(site);
        site.ChangesBody = true;
        var changed = await GetAsync(site, "br");
        Assert.Equal((first.Coding, first.Text, first.Tag), (changed.Coding, changed.Text, changed.Tag));
        site.ChangesBody = false;
        Assert.True((await GetAsync(site, "br")).Bytes < changed.Bytes);
        Assert.Equal(1, site.Requests);
    }

    [Fact]
    public async Task What_came_for_a_request_without_encoding_is_encoded_for_the_next()
    {
        await using var site = await OriginAsync();
        site.Encodes = false;
        Assert.Null((await GetAsync(site, "br")).Coding);
        await UntilEncodedAsync(site);
        site.Encodes = true;
        var streamed = await GetAsync(site, "br");
        await UntilEncodedAsync(site);
        var stored = await GetAsync(site, "br");
        Assert.Equal(("br", "br", 1), (streamed.Coding, stored.Coding, site.Requests));
        Assert.Equal(stored.Bytes, stored.Length);
    }

    [Theory]
    [InlineData("Content-Type: image/png")]
    [InlineData("Content-Type: font/woff2")]
    [InlineData("Content-Type: application/octet-stream")]
    [InlineData("Content-Type: text/css", "Cache-Control: max-age=60, no-transform")]
    [InlineData("Content-Type: text/css", "Content-Encoding: br")]
    [InlineData("Content-Type: text/css", "Content-Range: bytes 0-1/2")]
    [InlineData("X-No: type")]
    public async Task What_is_encoded_already_or_may_not_be_changed_passes_as_it_is(params string[] fields)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            foreach (var field in fields)
            {
                http.Response.Headers[field.Split(": ")[0]] = field.Split(": ")[1];
            }

            await http.Response.WriteAsync(Text);
        });
        for (var i = 0; i < 2; i++)
        {
            var answer = await GetAsync(site, "gzip, br, zstd", decode: false);
            Assert.Equal((fields.Contains("Content-Encoding: br") ? "br" : null, Text), (answer.Coding, answer.Text));
        }
    }

    [Theory]
    [InlineData(1023, false)]
    [InlineData(1024, true)]
    public async Task What_is_short_passes_as_it_is(int length, bool isEncoded)
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.ContentType = "text/css";
            http.Response.ContentLength = length;
            http.Response.Headers.CacheControl = "max-age=60";
            await http.Response.WriteAsync(new string('x', length));
        });
        Assert.Equal(isEncoded ? "zstd" : null, (await GetAsync(site, "zstd")).Coding);
        await Eventually.EqualAsync(isEncoded ? "zstd" : null, async () => (await GetAsync(site, "zstd")).Coding);
    }

    [Fact]
    public async Task A_page_is_encoded_as_it_comes_and_flushed_where_the_origin_flushes()
    {
        var gate = new TaskCompletionSource();
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<head>the beginning</head>");
            await gate.Task;
            await http.Response.WriteAsync("the end");
        });
        foreach (var coding in new[] { "gzip", "br", "zstd" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            request.Headers.Add("Accept-Encoding", coding);
            using var response = await site.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
            await using var body = Decoding(coding, await response.Content.ReadAsStreamAsync(Cancellation));
            var buffer = new byte[100];
            var read = await body.ReadAtLeastAsync(buffer, 26, cancellationToken: Cancellation);
            Assert.Equal("<head>the beginning</head>", Encoding.UTF8.GetString(buffer, 0, read));
            if (coding == "zstd")
            {
                gate.SetResult();
                using var rest = new StreamReader(body);
                Assert.Equal("the end", await rest.ReadToEndAsync(Cancellation));
            }
        }
    }

    [Fact]
    public async Task Head_says_what_get_would()
    {
        await using var site = await OriginAsync();
        foreach (var isStored in new[] { false, true })
        {
            var head = await site.SendAsync("HEAD", "/a.css", ("Accept-Encoding", "gzip"));
            var get = await GetAsync(site, "gzip");
            Assert.Equal((get.Coding, get.Tag, get.Vary), (head["Content-Encoding"], head["ETag"], head["Vary"]));
            Assert.Equal(isStored ? $"{get.Bytes}" : null, head["Content-Length"]);
            await UntilEncodedAsync(site);
        }
    }

    [Theory]
    [InlineData("W/\"v1\"")]
    [InlineData("\"v1\"")]
    public async Task A_client_that_has_it_encoded_is_told_so(string tag)
    {
        await using var site = await OriginAsync();
        await GetAsync(site, "gzip");
        await UntilEncodedAsync(site);
        var answer = await site.GetAsync("/a.css", ("Accept-Encoding", "gzip"), ("If-None-Match", tag));
        Assert.Equal((304, "W/\"v1\"", "Accept-Encoding"), (answer.Status, answer["ETag"], answer["Vary"]));
    }

    [Theory]
    [InlineData("W/\"v1\"", "W/\"v1\", \"v1\"", 304)]
    [InlineData("W/\"a,b\", \"v1\"", "W/\"a,b\", \"v1\", \"a,b\"", 304)]
    [InlineData("W/\"v2\"", "W/\"v2\", \"v2\"", 200)]
    [InlineData("\"v1\"", "\"v1\"", 304)]
    public async Task An_origin_that_compares_tags_byte_by_byte_finds_its_own(string sent, string asked, int status)
    {
        var seen = "";
        await using var site = await CachedSite.StartAsync(async http =>
        {
            seen = http.Request.Headers.IfNoneMatch.ToString();
            http.Response.ContentType = "text/html";
            http.Response.Headers.CacheControl = "private";
            http.Response.Headers.ETag = "\"v1\"";
            if (seen.Split(", ").Contains("\"v1\""))
            {
                http.Response.StatusCode = 304;
                return;
            }

            await http.Response.WriteAsync(Text);
        });
        var answer = await site.GetAsync("/page", ("Accept-Encoding", "gzip"), ("If-None-Match", sent));
        Assert.Equal((status, asked), (answer.Status, seen));
        Assert.Equal(sent.StartsWith('W') || status == 200 ? "W/\"v1\"" : "\"v1\"", answer["ETag"]);
    }

    [Fact]
    public async Task A_range_is_of_the_bytes_that_the_origin_sent()
    {
        await using var site = await OriginAsync();
        await GetAsync(site, "gzip");
        await UntilEncodedAsync(site);
        var answer = await site.GetAsync("/a.css", ("Accept-Encoding", "gzip"), ("Range", "bytes=0-5"));
        Assert.Equal((206, Text[..6], null), (answer.Status, answer.Body, answer["Content-Encoding"]));
    }

    [Fact]
    public async Task Nothing_is_encoded_where_it_is_switched_off()
    {
        await using var site = await OriginAsync();
        site.Encodes = false;
        for (var i = 0; i < 2; i++)
        {
            var answer = await GetAsync(site, "gzip, br, zstd");
            Assert.Equal((null, null, Text), (answer.Coding, answer.Vary, answer.Text));
        }
    }

    [Fact]
    public async Task A_form_that_saves_nothing_is_not_kept()
    {
        var noise = new byte[20_000];
        new Random(1).NextBytes(noise);
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.ContentType = "application/wasm";
            http.Response.Headers.CacheControl = "max-age=60";
            await http.Response.Body.WriteAsync(noise);
        });
        await GetAsync(site, null, decode: false);
        var store = site.Services.GetRequiredService<Cache.Store.ResponseStore>();
        await UntilEncodedAsync(site);
        Assert.InRange(store.Bytes, 20_000, 23_000);
    }

    private static Task<CachedSite> OriginAsync() => CachedSite.StartAsync(static async http =>
    {
        http.Response.ContentType = "text/css";
        http.Response.Headers.CacheControl = "max-age=600";
        http.Response.Headers.ETag = "\"v1\"";
        http.Response.Headers["Repr-Digest"] = "sha-256=:AAAA:";
        http.Response.ContentLength = Text.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await http.Response.WriteAsync(Text);
        }
    });

    private static Task UntilEncodedAsync(CachedSite site) =>
        Eventually.EqualAsync(true, () => Task.FromResult(site.Services.GetRequiredService<EncodingWorker>().IsIdle));

    private static async Task<Got> GetAsync(CachedSite site, string? accepts, bool decode = true)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a.css");
        if (accepts is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepts);
        }

        using var response = await site.Client.SendAsync(request, Cancellation);
        var bytes = await response.Content.ReadAsByteArrayAsync(Cancellation);
        var coding = response.Content.Headers.ContentEncoding.SingleOrDefault();
        await using var body = decode ? Decoding(coding, new MemoryStream(bytes)) : new MemoryStream(bytes);
        using var reader = new StreamReader(body, Encoding.Latin1);
        return new Got(
            coding, await reader.ReadToEndAsync(Cancellation), bytes.Length, response.Content.Headers.ContentLength,
            response.Headers.TryGetValues("Vary", out var vary) ? string.Join(", ", vary) : null, response.Headers.ETag?.ToString(),
            response.Headers.Contains("Repr-Digest"));
    }

    private static Stream Decoding(string? coding, Stream body) => coding switch
    {
        "gzip" => new GZipStream(body, CompressionMode.Decompress),
        "br" => new BrotliStream(body, CompressionMode.Decompress),
        "zstd" => new DecompressionStream(body),
        _ => body,
    };

    private sealed record Got(string? Coding, string Text, int Bytes, long? Length, string? Vary, string? Tag, bool HasDigest);
}
