using System.IO.Compression;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Commands;

public sealed class InspectTests : IAsyncLifetime
{
    private const string Page =
        """
        <!DOCTYPE html><head>
        <link rel=stylesheet href=/css/a.css?v=1&amp;x=2>
        <script src=//cdn.example/lib.js crossorigin></script>
        <script src=late.js async></script>
        <link rel=stylesheet href=print.css media=print>
        </head>
        """;

    private readonly TempFolder _folder = new();
    private TestSite _site = null!;
    private int _stylesheetsAsked;

    public async ValueTask InitializeAsync() => _site = await TestSite.StartAsync(Answer);

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Json_has_exactly_this_shape()
    {
        var result = await Pushproxy.RunAsync("inspect", "--json", $"{_site.Address}/shop/");

        Assert.Equal("", result.Error);
        Assert.Equal(0, result.ExitCode);
        Assert.Equal(
            $$"""
            {"page":"{{_site.Address}}/shop/","resources":[{"url":"{{_site.Address}}/css/a.css?v=1&x=2","as":"style","blocking":true,"crossorigin":null,"reason":"head-stylesheet"}],"skipped":[{"url":"http://cdn.example/lib.js","reason":"cross-origin"},{"url":"{{_site.Address}}/shop/late.js","reason":"async-script"},{"url":"{{_site.Address}}/shop/print.css","reason":"media-never-matches"}]}

            """,
            result.Output);
    }

    [Fact]
    public async Task Every_page_has_a_line_in_the_order_asked_for_and_one_that_fails_does_not_stop_the_others()
    {
        var file = _folder.Write("pages/a b.html", "<link rel=stylesheet href=../css/a.css><script src=https://cdn.example/x.js></script>");
        var closed = ClosedPort();

        var result = await Pushproxy.RunAsync(
            [
                "inspect", "--json", $"{_site.Address}/gzip", file, $"{_site.Address}/missing", $"{_site.Address}/image", $"http://127.0.0.1:{closed}/",
                $"{_site.Address}/moved", "gone.html", $"{_site.Address}/strange-coding", "pages/a b.html",
            ],
            _folder.Path);

        var pages = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => JsonDocument.Parse(line).RootElement).ToList();
        var asUrl = new Uri(file).AbsoluteUri;
        Assert.Equal([$"{_site.Address}/gzip", asUrl, $"{_site.Address}/there", asUrl], pages.Select(static p => p.GetProperty("page").GetString()));
        Assert.Equal(
            [$"{_site.Address}/css/a.css?v=1&x=2", new Uri(_folder["css/a.css"]).AbsoluteUri, $"{_site.Address}/css/a.css?v=1&x=2", new Uri(_folder["css/a.css"]).AbsoluteUri],
            pages.Select(static p => p.GetProperty("resources")[0].GetProperty("url").GetString()));
        Assert.Equal(
            [
                $"{_site.Address}/missing: the answer was 404 Not Found",
                $"{_site.Address}/image: not an HTML page, but image/png",
                $"http://127.0.0.1:{closed}/: Connection refused",
                $"gone.html: Could not find file '{_folder["gone.html"]}'.",
                $"{_site.Address}/strange-coding: its content coding (zstd) can't be decoded",
            ],
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(1, result.ExitCode);
    }

    [Fact]
    public async Task Without_json_a_person_can_read_it_and_the_configurations_defaults_apply()
    {
        var config = _folder.Write("site.json", """{ "PushProxy": { "Defaults": { "MaxLinkBytes": 0 } } }""");
        var url = $"{_site.Address}/shop/";

        var result = await Pushproxy.RunAsync("inspect", "--config", config, url);

        Assert.Equal(
            $"""
            {url}
              -         {_site.Address}/css/a.css?v=1&x=2  (over-link-limit)
              -         http://cdn.example/lib.js  (cross-origin)
              -         {url}late.js  (async-script)
              -         {url}print.css  (media-never-matches)
              nothing would be delivered

            """,
            result.Output);
    }

    [Fact]
    public async Task Stylesheets_are_followed_to_fonts_and_the_hero_is_named()
    {
        var result = await Pushproxy.RunAsync("inspect", "--json", $"{_site.Address}/styled");

        Assert.Equal("", result.Error);
        var resources = JsonDocument.Parse(result.Output).RootElement.GetProperty("resources").EnumerateArray()
            .Select(static r => $"{r.GetProperty("reason")} {r.GetProperty("as")} {r.GetProperty("crossorigin")} {new Uri(r.GetProperty("url").GetString()!).AbsolutePath}");
        Assert.Equal(
            [
                "head-stylesheet style  /theme/site.css", "imported-stylesheet style  /theme/fonts.css", "stylesheet-font font anonymous /theme/text.woff2",
                "hero-image image  /hero.jpg",
            ],
            resources);
    }

    [Theory]
    [InlineData("1280x720", "/wide.css")]
    [InlineData("412x823@2.625", "/narrow.css")]
    public async Task The_screen_decides(string viewport, string expected)
    {
        var file = _folder.Write("page.html", "<link rel=stylesheet href=wide.css media='(min-width: 600px)'><link rel=stylesheet href=narrow.css media='(max-width: 599px)'>");

        var result = await Pushproxy.RunAsync("inspect", "--json", "--viewport", viewport, file);

        Assert.EndsWith(expected, JsonDocument.Parse(result.Output).RootElement.GetProperty("resources")[0].GetProperty("url").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("1280")]
    [InlineData("0x720")]
    [InlineData("1280x720@99")]
    public async Task A_screen_that_is_none_is_refused(string viewport)
    {
        var result = await Pushproxy.RunAsync("inspect", "--viewport", viewport, _site.Address);

        Assert.StartsWith($"--viewport {viewport}: must be WIDTHxHEIGHT", result.Error, StringComparison.Ordinal);
        Assert.Equal(2, result.ExitCode);
    }

    [Fact]
    public async Task A_person_is_told_what_was_not_to_be_read()
    {
        var file = _folder.Write("page.html", "<link rel=stylesheet href=gone.css>");

        var result = await Pushproxy.RunAsync("inspect", file);

        Assert.Equal($"{file}: {new Uri(_folder["gone.css"]).AbsoluteUri} could not be fetched, so what it names is unknown\n", result.Error);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task Fifty_pages_share_their_stylesheets_and_take_less_than_ten_seconds()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();

        var result = await Pushproxy.RunAsync(["inspect", "--json", .. Enumerable.Range(0, 50).Select(i => $"{_site.Address}/styled?{i}")]);

        Assert.Equal(50, result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal(2, _stylesheetsAsked);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public async Task Bad_configuration_is_refused_with_every_error()
    {
        var config = _folder.Write("site.json", """{ "PushProxy": { "Orign": "x", "Defaults": { "MaxLinkBytes": -1 } } }""");

        var result = await Pushproxy.RunAsync("inspect", "--config", config, _site.Address);

        Assert.Equal(
            "PushProxy:Orign: unknown setting; did you mean Origin?\nPushProxy:Defaults:MaxLinkBytes: must be between 0 and 3072, but is -1\n", result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    private async Task Answer(HttpContext http)
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        switch (http.Request.Path.Value)
        {
            case "/gzip":
                http.Response.Headers.ContentEncoding = "gzip";
                await using (var gzip = new GZipStream(http.Response.Body, CompressionLevel.Fastest))
                {
                    await gzip.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Page));
                }

                break;
            case "/styled":
                await http.Response.WriteAsync("<!DOCTYPE html><link rel=stylesheet href=/theme/site.css><body><img src=/hero.jpg width=900 height=500><p>Text");
                break;
            case "/theme/site.css" or "/theme/fonts.css":
                Interlocked.Increment(ref _stylesheetsAsked);
                http.Response.ContentType = "text/css; charset=utf-8";
                await http.Response.WriteAsync(http.Request.Path.Value.EndsWith("site.css", StringComparison.Ordinal)
                    ? "@import 'fonts.css'; p{font-family:Text}"
                    : "@font-face{font-family:Text;src:url(text.woff2) format('woff2')}");
                break;
            case "/missing":
                http.Response.StatusCode = 404;
                break;
            case "/image":
                http.Response.ContentType = "image/png";
                break;
            case "/moved":
                http.Response.Redirect("/there");
                break;
            case "/strange-coding":
                http.Response.Headers.ContentEncoding = "zstd";
                await http.Response.WriteAsync("?");
                break;
            default:
                await http.Response.WriteAsync(Page);
                break;
        }
    }

    // Bound, but not listening: nobody else gets it, and connections are refused.
    private static int ClosedPort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        return ((System.Net.IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
