using System.IO.Compression;
using System.Text;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A promised request is the one that the browser would have sent: the origin picks the variant by it.</summary>
public sealed class PromisedRequestTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Fact]
    public async Task The_origin_sees_what_the_browser_would_have_sent()
    {
        await site.LearnAsync("/fields/", "/fields/a.css", "/fields/b.js");
        await Nghttp.RunAsync(
            site.Url("/fields/?q=1"),
            "accept: text/html,image/avif",
            "accept-encoding: br, gzip",
            "accept-language: de-CH, de;q=0.9",
            "user-agent: Tester/1.0",
            "referer: https://elsewhere.test/",
            "x-page-only: yes");

        await site.LearnAsync("/fields/?q=1");
        await Nghttp.RunAsync(
            site.Url("/fields/?q=1"),
            "accept: text/html,image/avif",
            "accept-encoding: br, gzip",
            "accept-language: de-CH, de;q=0.9",
            "user-agent: Tester/1.0",
            "referer: https://elsewhere.test/",
            "x-page-only: yes");

        var style = site.Origin.RequestsFor("/fields/a.css")[^1];
        var script = site.Origin.RequestsFor("/fields/b.js")[^1];
        Assert.Equal("text/css,*/*;q=0.1", style.Value("Accept"));
        Assert.Equal("*/*", script.Value("Accept"));
        foreach (var request in new[] { style, script })
        {
            Assert.StartsWith("GET ", request.StartLine, StringComparison.Ordinal);
            Assert.Equal("br, gzip", request.Value("Accept-Encoding"));
            Assert.Equal("de-CH, de;q=0.9", request.Value("Accept-Language"));
            Assert.Equal("Tester/1.0", request.Value("User-Agent"));
            Assert.Equal(site.Url("/fields/?q=1").AbsoluteUri, request.Value("Referer"));
            Assert.Null(request.Value("X-Page-Only"));
            Assert.Null(request.Value("Cookie"));
            Assert.Null(request.Value("Sec-Fetch-Dest"));
        }
    }

    [Fact]
    public async Task Fetch_metadata_is_that_of_the_resource()
    {
        await site.LearnAsync("/metadata/", "/metadata/a.css", "/metadata/b.js");
        await Nghttp.RunAsync(
            site.Url("/metadata/"), "sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-fetch-site: none", "sec-fetch-user: ?1");
        foreach (var (path, destination) in new[] { ("/metadata/a.css", "style"), ("/metadata/b.js", "script") })
        {
            var request = Assert.Single(site.Origin.RequestsFor(path));
            Assert.Equal(
                (destination, "no-cors", "same-origin"),
                (request.Value("Sec-Fetch-Dest"), request.Value("Sec-Fetch-Mode"), request.Value("Sec-Fetch-Site")));
            Assert.Null(request.Value("Sec-Fetch-User"));
        }
    }

    [Fact]
    public async Task Cookies_and_authorization_go_with_it_as_the_client_sent_them_if_the_answer_needs_them()
    {
        // The member's own page names it when it is asked for, and without credentials it is another.
        site.Origin.On("/credentials/a.css", r => r.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nVary: Cookie, Authorization", "p {}")));
        site.Origin.Page("/credentials/", EarlySite.Elements("/credentials/a.css"));
        await Curl.HeadsAsync(site.Url("/credentials/"));
        await Curl.HeadsAsync(site.Url("/credentials/a.css"), "User-Agent:");
        await Nghttp.RunAsync(site.Url("/credentials/"), "cookie: session=0123456789; theme=dark", "authorization: Bearer abc");
        var request = Assert.Single(site.Origin.RequestsFor("/credentials/a.css"));
        Assert.Equal("session=0123456789; theme=dark", request.Value("Cookie"));
        Assert.Equal("Bearer abc", request.Value("Authorization"));
    }

    [Theory]
    [InlineData("gzip, deflate", "gzip")]
    [InlineData("identity", null)]
    public async Task What_is_pushed_is_the_variant_that_the_client_would_have_got(string accepted, string? coding)
    {
        site.Origin.Page("/variant/", EarlySite.Elements("/variant/a.css"));
        var css = string.Concat(Enumerable.Repeat("p { margin: 0 }\n", 500));
        var zipped = Gzip(css);
        site.Origin.On("/variant/a.css", async request =>
        {
            var zip = request.Head.Value("Accept-Encoding")?.Contains("gzip", StringComparison.Ordinal) == true;
            await request.WriteAsync(RawRequest.Response(
                "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nVary: Accept-Encoding" + (zip ? "\nContent-Encoding: gzip" : ""), zip ? zipped : css));
        });
        await site.LearnAsync("/variant/");

        var seen = await Nghttp.RunAsync(site.Url("/variant/"), "accept: text/html", "accept-encoding: " + accepted);

        var pushed = seen.Pushed("/variant/a.css")!;
        Assert.Equal(coding, pushed.Answer!["content-encoding"]);
        Assert.Equal((coding is null ? css.Length : zipped.Length, "complete"), (pushed.Bytes, pushed.End));
        Assert.Equal(accepted, pushed.Promise["accept-encoding"]);
    }

    private static string Gzip(string text)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Optimal))
        {
            gzip.Write(Encoding.ASCII.GetBytes(text));
        }

        return Encoding.Latin1.GetString(zipped.ToArray());
    }
}
