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
                $"{_site.Address}/image: no HTML page, but image/png",
                $"http://127.0.0.1:{closed}/: Connection refused",
                $"gone.html: Could not find file '{_folder["gone.html"]}'.",
                $"{_site.Address}/strange-coding: its content coding (zstd) can't be undone",
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
    public async Task Bad_configuration_is_refused_with_every_error()
    {
        var config = _folder.Write("site.json", """{ "PushProxy": { "Orign": "x", "Defaults": { "MaxLinkBytes": -1 } } }""");

        var result = await Pushproxy.RunAsync("inspect", "--config", config, _site.Address);

        Assert.Equal(
            "PushProxy:Orign: unknown setting; did you mean Origin?\nPushProxy:Defaults:MaxLinkBytes: must be between 0 and 3072, but is -1\n", result.Error);
        Assert.Equal(2, result.ExitCode);
    }

    private static async Task Answer(HttpContext http)
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
