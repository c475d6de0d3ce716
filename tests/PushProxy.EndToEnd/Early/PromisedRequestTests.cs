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
            "200 OK", $"Content-Type: text/css\nCache-Control: max-age=60\nETag: \"{r.Head.Value("Cookie")?.Length}\"", "p {}")));
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

    [Theory]
    [InlineData("font", "<style>@font-face{font-family:F;src:url(/font/a.woff2)}body{font-family:F}</style><body>text", "/font/a.woff2", "font/woff2")]
    [InlineData("crossorigin", "<link rel=stylesheet href=/crossorigin/a.css crossorigin>", "/crossorigin/a.css", "text/css")]
    [InlineData("module", "<script type=module blocking=render src=/module/a.js></script>", "/module/a.js", "text/javascript")]
    public async Task What_a_browser_asks_for_in_cors_mode_states_its_origin(string folder, string page, string path, string type)
    {
        // As Chromium has it: the same origin is stated, too.
        site.Origin.On(path, "200 OK", $"Content-Type: {type}\nCache-Control: max-age=60\nVary: Origin", "x");
        site.Origin.Page($"/{folder}/", page);
        await site.LearnAsync($"/{folder}/");
        var seen = await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html", "sec-fetch-dest: document");

        Assert.Equal([path], seen.Promised);
        var request = site.Origin.RequestsFor(path)[^1];
        Assert.Equal(site.Proxy.Secure.GetLeftPart(UriPartial.Authority), request.Value("Origin"));
        Assert.Equal("cors", request.Value("Sec-Fetch-Mode"));
    }

    [Theory]
    // What varies by anything cannot be kept, so nothing is told of it.
    [InlineData("vary-any", "*", "skip=not-kept")]
    [InlineData("vary-referer", "Accept-Encoding, Referer", "sent=link;not-pushed=varies")]
    [InlineData("vary-cookie", "cookie", "sent=link;not-pushed=varies")]
    public async Task What_varies_by_what_no_promise_has_is_not_pushed(string folder, string vary, string decision)
    {
        site.Origin.On($"/{folder}/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nVary: " + vary, "p {}");
        site.Origin.Page($"/{folder}/", EarlySite.Elements($"/{folder}/a.css"));
        await site.LearnAsync($"/{folder}/");
        var seen = await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html");

        Assert.Empty(seen.Promised);
        Assert.Contains(decision, seen.Page!.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_varies_by_cookies_is_not_hinted_because_the_page_may_set_one()
    {
        site.Origin.On("/hint-cookie/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nVary: Cookie", "p {}");
        site.Origin.Files("/hint-cookie/b.css");
        site.Origin.Page("/hint-cookie/", EarlySite.Elements("/hint-cookie/a.css", "/hint-cookie/b.css"));
        await site.LearnAsync("/hint-cookie/");
        var seen = await Nghttp.RunAsync(site.Url("/hint-cookie/"), "accept: text/html", "--no-push");

        Assert.Equal(["/hint-cookie/b.css"], seen.Hints.SelectMany(h => h.Preloads));
        Assert.Equal(["/hint-cookie/a.css", "/hint-cookie/b.css"], seen.Page!.Preloads);
        Assert.Contains("/hint-cookie/a.css\";as=style;found=head-stylesheet;sent=link;not-hinted=varies", seen.Page.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_push_whose_answer_varies_by_what_no_promise_has_is_reset()
    {
        await site.LearnAsync("/varies-now/", "/varies-now/a.css");
        site.Origin.On("/varies-now/a.css", "200 OK", "Content-Type: text/css\nCache-Control: max-age=60\nVary: *", "p {}");
        var seen = await Nghttp.RunAsync(site.Url("/varies-now/"), "accept: text/html");
        Assert.Equal(0, seen.Pushed("/varies-now/a.css")!.Bytes);
        Assert.NotEqual("complete", seen.Pushed("/varies-now/a.css")!.End);
    }

    [Theory]
    [InlineData("referrer-none", "Referrer-Policy: no-referrer", "", null)]
    [InlineData("referrer-list", "Referrer-Policy: no-referrer, origin, unknown", "", "/")]
    [InlineData("referrer-meta", "Referrer-Policy: no-referrer", "<meta name=referrer content=strict-origin>", "/")]
    [InlineData("referrer-element", "Referrer-Policy: no-referrer", "<link rel=stylesheet href=/referrer-element/a.css referrerpolicy=same-origin>", "/referrer-element/")]
    [InlineData("referrer-default", "X-Kind: page", "", "/referrer-default/")]
    public async Task The_pages_referrer_policy_decides_what_a_promise_says_of_it(string folder, string field, string head, string? referer)
    {
        site.Origin.Files($"/{folder}/a.css");
        site.Origin.Page($"/{folder}/", head.Contains("a.css", StringComparison.Ordinal) ? head : head + EarlySite.Elements($"/{folder}/a.css"), field);
        await site.LearnAsync($"/{folder}/");
        var before = site.Origin.RequestsFor($"/{folder}/a.css").Count;
        var seen = await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html");

        Assert.Equal([$"/{folder}/a.css"], seen.Promised);
        Assert.Equal(before + 1, site.Origin.RequestsFor($"/{folder}/a.css").Count);
        Assert.Equal(
            referer is null ? null : new Uri(site.Proxy.Secure, referer).AbsoluteUri, site.Origin.RequestsFor($"/{folder}/a.css")[^1].Value("Referer"));
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
