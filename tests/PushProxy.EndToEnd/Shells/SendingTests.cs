using System.IO.Compression;
using System.Text;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Shells;

/// <summary>What is sent before the origin has answered, and what comes behind it, on the wire.</summary>
public sealed class SendingTests : ShellCase
{
    [Fact]
    public async Task Curl_sees_the_shell_before_the_origin_answers_and_then_the_origins_page()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var held = Origin.Hold("/");
        await using var curl = RunningTool.Start(
            "curl", ["-sk", "--http2", "-N", .. Navigation.SelectMany(static f => new[] { "-H", f }), proxy.Secure.AbsoluteUri]);
        await curl.UntilAsync(() => curl.Output.Contains("Department 11", StringComparison.Ordinal), "the shell");
        await held.ArrivedAsync();
        held.Release();
        await curl.EndAsync();
        Assert.StartsWith(Beginning + "view ", curl.Output, StringComparison.Ordinal);
        Assert.EndsWith("</p></main></body></html>", curl.Output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nghttp_gets_a_103_and_then_the_shell_before_the_origin_answers()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Learning:NamedBy=1");
        Origin.Files("/a.css");
        var beginning = Beginning.Replace("<title>", "<link rel=stylesheet href=/a.css><title>", StringComparison.Ordinal);
        Origin.On("/", request => request.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html; charset=utf-8", beginning + Page()[Beginning.Length..])));
        await GetAsync(proxy, "/a.css", "sec-fetch-dest: style", "user-agent: Mozilla/5.0");
        await LearnAsync(proxy, "/");

        // What the shell is learned from need not be what the page's analysis has come to.
        await Eventually.TrueAsync(
            async () => (await Nghttp.RunAsync(proxy.Secure, ["--no-push", .. Navigation])).Hints.Count == 1, () => $"There never was a 103.\n{proxy.Log}");
        var held = Origin.Hold("/");
        await using var nghttp = Nghttp.Get(proxy.Secure, ["--no-push", .. Navigation]);
        await nghttp.UntilAsync(t => t.PageBytes >= beginning.Length, "the shell");
        var trace = nghttp.Trace;
        Assert.Equal((1, beginning.Length, null), (trace.Hints.Count, trace.PageBytes, trace.PageEnd));
        Assert.True(trace.IndexOf(trace.Hints[0]) < trace.IndexOf(trace.Page!), trace.Text);
        await held.ArrivedAsync();
        held.Release();
        trace = await nghttp.EndAsync();
        Assert.Equal((beginning.Length + Page()[Beginning.Length..].Length, "complete"), (trace.PageBytes, trace.PageEnd));
    }

    [Fact]
    public async Task What_the_origin_flushes_behind_the_shell_comes_at_once()
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var more = new TaskCompletionSource();
        Origin.On("/", async request =>
        {
            await request.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n");

            // The shell itself may come in pieces.
            await request.WriteChunkAsync(Beginning[..100]);
            await request.WriteChunkAsync(Beginning[100..] + "first</p>\n");
            await more.Task;
            await request.WriteChunkAsync("<p>second</p>");
            await request.WriteAsync("0\r\n\r\n");
        });
        await using var curl = RunningTool.Start(
            "curl", ["-sk", "--http2", "-N", .. Navigation.SelectMany(static f => new[] { "-H", f }), proxy.Secure.AbsoluteUri]);
        await curl.UntilAsync(() => curl.Output.EndsWith("first</p>\n", StringComparison.Ordinal), "what was flushed");
        more.SetResult();
        await curl.EndAsync();
        Assert.Equal(Beginning + "first</p>\n<p>second</p>", curl.Output.TrimEnd());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    public async Task The_shell_and_what_comes_behind_it_are_one_compressed_stream(string coding)
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Defaults:Compression=true");
        Shop("/");
        await LearnAsync(proxy, "/");
        var held = Origin.Hold("/");
        var ending = ExternalTool.RunAsync(
            "curl",
            ["-sk", "--http2", "-H", $"accept-encoding: {coding}", "--compressed", "-D", "-", .. Navigation.SelectMany(static f => new[] { "-H", f }),
                proxy.Secure.AbsoluteUri]);
        await held.ArrivedAsync();
        held.Release();
        var (head, body, _) = (await ending).Output.Split("\r\n\r\n") switch { var parts => (parts[0], parts[^1], parts.Length) };
        Assert.Contains($"content-encoding: {coding}", head, StringComparison.Ordinal);
        Assert.Contains("shell=sent", head, StringComparison.Ordinal);
        Assert.StartsWith(Beginning + "view ", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_origin_that_compresses_is_asked_for_bare_bytes_once_the_shell_is_sent()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Defaults:Compression=true");
        Origin.On("/", async request =>
        {
            var isAsked = request.Head.Value("Accept-Encoding")?.Contains("gzip", StringComparison.Ordinal) == true;
            var fields = "Content-Type: text/html; charset=utf-8\nVary: Accept-Encoding" + (isAsked ? "\nContent-Encoding: gzip" : "");
            var body = Encoding.Latin1.GetBytes(Page());
            await request.WriteAsync(RawRequest.Response("200 OK", fields, isAsked ? Encoding.Latin1.GetString(Gzip(body)) : Encoding.Latin1.GetString(body)));
        });
        string[] fields = [.. Navigation, "accept-encoding: gzip"];
        var sent = await LearnAsync(proxy, "/", fields);
        Assert.Equal("gzip", sent["content-encoding"]);
        Assert.Null(Origin.RequestsFor("/")[^1].Value("Accept-Encoding"));
        Assert.StartsWith(Beginning + "view ", Text(sent.Body), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Type: text/html", "<meta charset=shift_jis>", "\u0083\u005c\u0083\u007e", "sent")]
    [InlineData("Content-Type: text/html; charset=gb18030", "", "\u0081\u0030\u0081\u0030", "sent")]
    [InlineData("Content-Type: text/html; charset=iso-2022-jp", "", "\u001b$B<a\u001b(B", "unknown")]
    [InlineData("Content-Type: text/html", "", "text", "unknown")]
    public async Task The_encoding_of_the_page_is_kept_or_there_is_no_shell(string type, string meta, string text, string word)
    {
        await using var proxy = await StartShellsAsync();
        var beginning = Beginning.Replace("<meta charset=utf-8>", meta, StringComparison.Ordinal).Replace("Department", text, StringComparison.Ordinal);
        Origin.On("/", request => request.WriteAsync(RawRequest.Response("200 OK", type, beginning + Page()[Beginning.Length..])));
        var answer = word == "sent" ? await LearnAsync(proxy, "/") : await SeveralAsync(proxy, "/");
        Assert.Equal(word, WordOf(answer));
        Assert.StartsWith(beginning, answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_was_never_seen_begins_with_what_its_folder_shares()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Learning:TemplatePages=2");
        foreach (var page in (string[])["/shop/a", "/shop/b", "/shop/c", "/shop/d", "/shop/e", "/shop/f"])
        {
            Shop(page);
            await GetAsync(proxy, page);
        }

        Shop("/shop/new");
        var answer = await GetAsync(proxy, "/shop/new");
        Assert.Equal("sent", WordOf(answer));
        Assert.StartsWith(Beginning + "view ", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_that_the_page_repeats_is_not_in_the_shell_of_others()
    {
        await using var proxy = await StartShellsAsync();
        Origin.On("/", request => request.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html; charset=utf-8", Page($"You searched for {request.Head.StartLine}</p>"))));
        for (var i = 0; i < 6; i++)
        {
            await GetAsync(proxy, $"/?q={i}");
        }

        var answer = await GetAsync(proxy, "/?q=other");
        Assert.Equal("sent", WordOf(answer));
        Assert.Equal(Page("You searched for GET /?q=other HTTP/1.1</p>"), answer.Body);
    }

    [Theory]
    [InlineData("x-forwarded-host: evil.example", "unusual-field")]
    [InlineData("x-anything: 1", "unusual-field")]
    [InlineData("cookie: session=1", "cookies")]
    [InlineData("authorization: Basic YTpi", "cookies")]
    [InlineData("user-agent: Googlebot/2.1 (+http://www.google.com/bot.html)", "crawler")]
    [InlineData("if-none-match: \"a\"", "not-navigation")]
    [InlineData("cache-control: no-cache", "not-navigation")]
    [InlineData("sec-fetch-dest: iframe", "not-navigation")]
    [InlineData("sec-purpose: prefetch", "not-navigation")]
    public async Task Who_is_not_to_get_one_gets_none(string field, string word)
    {
        await using var proxy = await StartShellsAsync();
        Shop("/");
        await LearnAsync(proxy, "/");
        var name = field[..field.IndexOf(':', StringComparison.Ordinal)];
        var answer = await GetAsync(
            proxy, "/", [.. Navigation.Where(f => !f.StartsWith(name + ":", StringComparison.Ordinal)), field]);
        Assert.Equal(word, WordOf(answer));
        Assert.Equal(0, answer.Code);
    }

    [Theory]
    [InlineData("Set-Cookie: a=b")]
    [InlineData("Cache-Control: max-age=60")]
    [InlineData("Content-Security-Policy: script-src 'nonce-abc'")]
    [InlineData("Refresh: 5")]
    [InlineData("Vary: *")]
    public async Task Fields_that_forbid_a_shell_forbid_it(string field)
    {
        await using var proxy = await StartShellsAsync();
        Shop("/", "Content-Type: text/html; charset=utf-8\n" + field);
        Assert.NotEqual("sent", WordOf(await SeveralAsync(proxy, "/")));
    }

    [Fact]
    public async Task Two_versions_that_take_turns_are_never_sent_as_a_shell()
    {
        await using var proxy = await StartShellsAsync("--PushProxy:Shell:Views=4", "--PushProxy:Shell:After=8");
        var count = 0;
        Origin.On("/", request => request.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html; charset=utf-8",
            (Interlocked.Increment(ref count) % 2 == 0 ? Page() : Page().Replace("<title>Shop", "<title>Store", StringComparison.Ordinal)))));
        for (var i = 0; i < 16; i++)
        {
            Assert.NotEqual("sent", WordOf(await GetAsync(proxy, "/")));
        }
    }

    private static async Task<NodeAnswer> SeveralAsync(PushProxy.Testing.Proxies.PushProxyProcess proxy, string path)
    {
        for (var i = 0; i < 7; i++)
        {
            await GetAsync(proxy, path);
        }

        return await GetAsync(proxy, path);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var coded = new MemoryStream();
        using (var coder = new GZipStream(coded, CompressionLevel.Fastest))
        {
            coder.Write(bytes);
        }

        return coded.ToArray();
    }

    private static string Text(string gzip)
    {
        using var decoder = new StreamReader(new GZipStream(new MemoryStream(Encoding.Latin1.GetBytes(gzip)), CompressionMode.Decompress), Encoding.Latin1);
        return decoder.ReadToEnd();
    }
}
