using System.Globalization;
using PushProxy.Testing;
using PushProxy.Testing.Browsers;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>The origin's own 103s: each client gets what its own request caused, merged with what it was told already, and they teach.</summary>
public sealed class OriginHintsTests(DistantSite site) : IClassFixture<DistantSite>
{
    private const string Html = "Content-Type: text/html";

    [Fact]
    public async Task A_103_is_passed_on_before_the_final_response()
    {
        var seen = new TaskCompletionSource();
        site.Origin.On("/one", async request =>
        {
            await request.WriteAsync(Hint("Link: </one.css>; rel=preload; as=style", "X-Other: 1", "Content-Security-Policy: img-src 'self'"));
            await seen.Task;
            await request.WriteAsync(RawRequest.Response("200 OK", Html, "page"));
        });
        await using var client = Nghttp.Get(site.Url("/one"), "--no-push");
        await client.UntilAsync(static t => t.Hints.Count > 0, "the origin's 103 while the page is held back");
        seen.SetResult();
        var trace = await client.EndAsync();
        var hint = Assert.Single(trace.Hints);
        Assert.Equal([":status", "link", "content-security-policy"], hint.Fields.Select(static f => f.Name));
        Assert.Equal(["/one.css"], hint.Preloads);
        Assert.Equal((200, "complete"), (trace.Page!.Status, trace.PageEnd));
    }

    [Fact]
    public async Task What_a_browser_does_not_navigate_to_has_none()
    {
        Answer("/data", Hint("Link: </one.css>; rel=preload; as=style"));
        await using var client = NodeConnection.Open(site.Url("/"), push: false);
        foreach (var (destination, count) in new[] { ("document", 1), ("empty", 0), ("iframe", 1), ("style", 0), ("document", 1) })
        {
            var answer = await client.GetAsync("/data", $"sec-fetch-dest: {destination}");
            Assert.Equal((200, "page"), (answer.Status, answer.Body));
            Assert.Equal(count, answer.Hints.Count);
        }
    }

    [Fact]
    public async Task Several_are_passed_on_in_order_and_other_interim_responses_are_not()
    {
        Answer("/several", "HTTP/1.1 100 Continue\r\n\r\n" + Hint("Link: </1.css>; rel=preload; as=style") + "HTTP/1.1 102 Processing\r\n\r\n"
            + "HTTP/1.1 103 Early Hints\nLink: </2.css>;rel=preload;as=style\n\n" + Hint("Link: <//cdn.test>; rel=preconnect"));
        await ExpectAsync("/several", "</1.css>; rel=preload; as=style", "</2.css>;rel=preload;as=style", "<//cdn.test>; rel=preconnect");
    }

    [Fact]
    public async Task They_may_be_cut_at_every_byte()
    {
        var bytes = "HTTP/1.1 102 Processing\r\n\r\n" + Hint("Link: </cut.css>; rel=preload; as=style", "link: </cut.js>; rel=preload; as=script")
            + RawRequest.Response("200 OK", Html, "page");
        site.Origin.On("/cut", async request =>
        {
            var cut = int.Parse(request.Head.StartLine.Split(' ')[1].Split('=')[1], CultureInfo.InvariantCulture);
            await request.WriteAsync(bytes[..cut]);
            await request.WriteAsync(bytes[cut..]);
        });
        await using var client = NodeConnection.Open(site.Url("/"), push: false);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            var answer = await client.GetAsync($"/cut?at={cut}", "accept: text/html");
            Assert.Equal((200, "page"), (answer.Status, answer.Body));
            Assert.Equal("</cut.css>; rel=preload; as=style, </cut.js>; rel=preload; as=script", LinksOf(Assert.Single(answer.Hints)));
        }

        site.Origin.On("/bytes", async request =>
        {
            foreach (var octet in bytes)
            {
                await request.WriteAsync(octet.ToString());
                await Task.Yield();
            }
        });
        Assert.Single((await client.GetAsync("/bytes", "accept: text/html")).Hints);
    }

    [Theory]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload; x=\"\u0001\"\r\nLink: </caf\u00e9.css>; rel=preload; as=style\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nSet-Cookie: a=b\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: \r\n\r\n")]
    public async Task What_cannot_be_passed_on_leaves_the_page_unharmed(string interim)
    {
        Answer("/bad", interim);
        await ExpectAsync("/bad");
        Assert.Equal(0, await site.Proxy.MetricAsync("pushproxy_errors_total"));
    }

    [Theory]
    [InlineData("Link:\t</1.css>;\trel=preload;\tas=style \t\r\n", "</1.css>; rel=preload; as=style")]
    [InlineData("Link: </2.css>;\r\n\t rel=preload \r\n ; as=style\r\nX: a\r\n\r\n", "</2.css>; rel=preload ; as=style")]
    [InlineData("Link:\r\n </3.css>; rel=preload; as=style\nLink: </4.css>; rel=preload\n\t; as=style\n", "</3.css>; rel=preload; as=style, </4.css>; rel=preload ; as=style")]
    [InlineData("X: a\r\n Link: </5.css>; rel=preload; as=style\r\nLink: </6.css>; rel=preload; as=style\r\n", "</6.css>; rel=preload; as=style")]
    [InlineData(" Link: </7.css>; rel=preload; as=style\r\nLink: </8.css>; rel=preload; as=style\r\n", "</8.css>; rel=preload; as=style")]
    public async Task White_space_may_be_tabs_and_line_ends(string fields, string links)
    {
        Answer("/space", $"HTTP/1.1 103 Early Hints\r\n{fields}" + (fields.EndsWith("\r\n\r\n", StringComparison.Ordinal) ? "" : "\r\n"));
        await ExpectAsync("/space", links);
    }

    [Fact]
    public async Task They_are_bounded_in_size_and_number()
    {
        // The client library reads 64 kB until the final response, and passes on what HTTP/2 takes in one block.
        Answer("/block", Hint($"Link: </{new string('b', 9000)}>; rel=preload; as=style") + Hint("Link: </small.css>; rel=preload; as=style"));
        await ExpectAsync("/block", "</small.css>; rel=preload; as=style");
        Answer("/all", string.Concat(Enumerable.Repeat(Hint($"X: {new string('c', 14_000)}"), 5)));
        Assert.Equal(502, Assert.Single(await Curl.HeadsAsync(site.Url("/all"), "--http2")).Status);

        var name = new string('a', 17 * 1024);
        Answer("/long", Hint($"Link: </{name}>; rel=preload; as=style") + Hint("Link: </after.css>; rel=preload; as=style"));
        await ExpectAsync("/long");

        Answer("/many", string.Concat(Enumerable.Range(0, 20).Select(static i => Hint($"Link: </{i}.css>; rel=preload; as=style"))));
        await ExpectAsync("/many", [.. Enumerable.Range(0, 16).Select(static i => $"</{i}.css>; rel=preload; as=style")]);
    }

    [Fact]
    public async Task Clients_over_http_1_get_the_page_alone()
    {
        Answer("/old", Hint("Link: </old.css>; rel=preload; as=style"));
        Assert.Equal(200, Assert.Single(await Curl.HeadsAsync(site.Url("/old"), "--http1.1")).Status);
        Assert.Equal(200, Assert.Single(await Curl.HeadsAsync(new Uri(site.Proxy.Cleartext, "/old"), "--http1.0")).Status);
    }

    [Fact]
    public async Task Links_to_the_destination_name_the_public_site()
    {
        Answer("/public", Hint($"Link: <{site.Origin.Url}a.css>; rel=preload; as=style"));
        await ExpectAsync("/public", $"<{site.Url("/a.css")}>; rel=preload; as=style");
    }

    [Fact]
    public async Task What_they_name_is_learned_and_then_told_with_the_rest_in_one()
    {
        const string folder = "/taught/";
        var hints = new[] { $"Link: <{folder}a.css>; rel=preload; as=style", $"Link: <{folder}b.css>; rel=preload; as=style" };
        site.Origin.Files(folder + "a.css", folder + "b.css", folder + "c.css");
        site.Origin.On(folder, request => request.WriteAsync(
            Hint(hints) + RawRequest.Response("200 OK", Html, ScriptedSite.Html($"<link rel=stylesheet href={folder}a.css>"))));
        await using (var first = NodeConnection.Open(site.Url("/"), push: false))
        {
            Assert.Single((await first.GetAsync(folder, "accept: text/html")).Hints);
        }

        await LearnAsync(folder, "b.css");
        var seen = await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html");
        Assert.Equal([folder + "a.css", folder + "b.css"], Assert.Single(seen.Hints).Preloads);

        // What is new comes in one more, without what the first has told.
        hints = [.. hints, $"Link: <{folder}c.css>; rel=preload; as=style"];
        seen = await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html");
        Assert.Equal([folder + "a.css", folder + "b.css"], seen.Hints[0].Preloads);
        Assert.Equal([folder + "c.css"], Assert.Single(seen.Hints.Skip(1)).Preloads);
    }

    [Fact]
    public async Task What_the_pages_own_Link_preloads_is_learned_too()
    {
        const string folder = "/linked/";
        site.Origin.Files(folder + "a.css", folder + "b.js");
        site.Origin.Page(
            folder, $"<link rel=stylesheet href={folder}a.css>", $"Link: <{folder}b.js>; rel=preload; as=script, </other>; rel=preload; as=fetch");
        await LearnAsync(folder, "b.js");
        var seen = await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html");
        Assert.Equal([folder + "a.css", folder + "b.js"], Assert.Single(seen.Hints).Preloads);
    }

    [Fact]
    public async Task What_a_Link_does_not_preload_any_more_is_not_told_any_more_although_the_page_changes_with_each_view()
    {
        const string folder = "/gone/";
        var link = $"Link: <{folder}b.js>; rel=preload; as=script";
        site.Origin.Files(folder + "a.css", folder + "b.js");
        site.Origin.On(folder, request => request.WriteAsync(RawRequest.Response(
            "200 OK", $"{Html}\n{link}", ScriptedSite.Html($"<!-- {Guid.NewGuid():N} --><link rel=stylesheet href={folder}a.css>"))));
        await LearnAsync(folder, "b.js");
        Assert.Contains(folder + "b.js", (await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html")).Hints[0].Preloads);
        await site.UntilReadAsync();

        link = "X-Kind: page";
        await site.GetAsync(folder);
        await site.UntilReadAsync();
        Assert.DoesNotContain(
            folder + "b.js",
            (await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html")).Hints.SelectMany(static h => h.Preloads));
    }

    [Fact]
    public async Task Over_shared_connections_each_client_gets_what_its_own_request_caused()
    {
        site.Origin.On("/load", async request =>
        {
            var id = request.Head.StartLine.Split(' ')[1].Split('=')[1];
            await request.WriteAsync(Hint($"Link: </{id}.css>; rel=preload; as=style"));
            if (id.EndsWith('7'))
            {
                await Task.Yield();
            }

            await request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/plain", id));
        });
        var load = Path.Combine(AppContext.BaseDirectory, "Early", "hints-load.mjs");
        var result = await ExternalTool.RunAsync(
            "node", [load, site.Proxy.Secure.GetLeftPart(UriPartial.Authority), "/load", "8", "8000", "8"]);
        Assert.Equal("""{"requests":8000,"right":8000}""", result.Output.Trim());
    }

    [Fact]
    public async Task Current_Chromium_loads_what_the_origins_103_names_while_the_origin_thinks()
    {
        const string folder = "/browser/";
        var asked = new TaskCompletionSource();
        site.Origin.On(folder + "a.css", request =>
        {
            asked.TrySetResult();
            return request.WriteAsync(RawRequest.Response("200 OK", "Content-Type: text/css\nCache-Control: max-age=60", "a { }"));
        });
        site.Origin.On(folder, async request =>
        {
            await request.WriteAsync(Hint($"Link: <{folder}a.css>; rel=preload; as=style"));
            await asked.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await request.WriteAsync(RawRequest.Response("200 OK", Html, ScriptedSite.Html($"<link rel=stylesheet href={folder}a.css>")));
        });
        await using var browser = await Browser.StartAsync(site.SpkiHash);
        var window = await browser.OpenWindowAsync();
        Assert.Equal(200, (await window.VisitAsync(site.Url(folder))).Status);
        Assert.Equal(
            ["early-hints"],
            await window.EvaluateAsync<string[]>(
                "performance.getEntriesByType('resource').filter(e => e.name.endsWith('a.css')).map(e => e.initiatorType)"));
        Assert.Single(site.Origin.RequestsFor(folder + "a.css"));
    }

    /// <summary>Until the page is told whole. What it preloads beside its HTML has to be seen once.</summary>
    private async Task LearnAsync(string folder, string preloaded)
    {
        await site.LearnAsync(folder);
        await site.UntilReadAsync();
        await site.GetAsync(folder + preloaded);
        await site.LearnAsync(folder);
    }

    private static string Hint(params string[] fields) =>
        $"HTTP/1.1 103 Early Hints\r\n{string.Concat(fields.Select(static f => f + "\r\n"))}\r\n";

    private void Answer(string path, string interim) =>
        site.Origin.On(path, request => request.WriteAsync(interim + RawRequest.Response("200 OK", Html, "page")));

    /// <summary>Twice over one connection, so that the origin's is used again.</summary>
    private async Task ExpectAsync(string path, params string[] links)
    {
        await using var client = NodeConnection.Open(site.Url("/"), push: false);
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.GetAsync(path, "accept: text/html");
            Assert.Equal((200, "page"), (answer.Status, answer.Body));
            Assert.Equal(links, answer.Hints.Select(LinksOf));
        }
    }

    private static string LinksOf(IEnumerable<(string Name, string Value)> hint) =>
        string.Join(", ", hint.Where(static f => f.Name == "link").Select(static f => f.Value));
}
