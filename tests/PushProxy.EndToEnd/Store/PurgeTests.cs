using PushProxy.EndToEnd.Early;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>What was learned of what is purged ends with it.</summary>
public sealed class PurgeTests(NearStoringSite site) : IClassFixture<NearStoringSite>
{
    private static readonly string[] Navigation =
        ["sec-fetch-dest: document", "sec-fetch-mode: navigate", "sec-fetch-site: none", "user-agent: x", "accept: text/html"];

    [Theory]
    [InlineData("target", "/a.css")]
    [InlineData("target", "/*")]
    [InlineData("group", "/")]
    public async Task A_client_that_has_the_old_version_of_a_purged_file_is_sent_the_new_one(string way, string path)
    {
        var folder = $"/file-{way}{path.Length}/";
        var (style, script) = (folder + "a.css", folder + "b.js");
        Put(style, "old");
        site.Origin.Files(script);
        site.Origin.Page(folder, EarlySite.Elements(style, script));
        await site.LearnAsync(folder);
        await using var client = NodeConnection.Open(site.Url("/"));
        await client.GetAsync(style, "user-agent: x");
        Assert.Equal([script], (await client.GetAsync(folder, Navigation)).Promised);

        Put(style, "new");
        Assert.DoesNotContain(style, (await client.GetAsync(folder, Navigation)).Promised);
        await PurgeAsync(way == "group" ? $"target={Uri.EscapeDataString(site.Proxy.Secure.AbsoluteUri)}&group={folder.Trim('/')}" : TargetOf(folder.TrimEnd('/') + path));
        if (path == "/*")
        {
            // The page, too, was purged.
            await site.LearnAsync(folder);
        }

        var pushed = Assert.Single((await client.GetAsync(folder, Navigation)).Pushes, p => p.Path == style);
        Assert.Equal((200, 0, "/* new */"), (pushed.Status, pushed.Code, pushed.Body));
    }

    [Theory]
    [InlineData("one", "/page-one/")]
    [InlineData("prefix", "/page-pre*")]
    [InlineData("all", "")]
    public async Task Nothing_of_a_purged_page_is_told_before_it_was_seen_again(string name, string target)
    {
        var folder = $"/page-{name}/";
        string[] files = [folder + "a.css", folder + "b.js"];
        await site.LearnAsync(folder, files);
        await site.LearnAsync($"/beside-{name}/", $"/beside-{name}/a.css");
        Assert.Equal(files, (await Nghttp.RunAsync(site.Url(folder))).Promised);
        await PurgeAsync(target.Length == 0 ? "all" : TargetOf(target));

        foreach (var fields in new[] { Array.Empty<string>(), ["--no-push", "accept: text/html"] })
        {
            var held = site.Origin.Hold(folder);
            await using var client = Nghttp.Get(site.Url(folder), fields);
            await held.ArrivedAsync();
            Assert.Empty(client.Trace.Promised);
            Assert.Empty(client.Trace.Hints);
            held.Release();
            await client.EndAsync();
            await PurgeAsync(target.Length == 0 ? "all" : TargetOf(target));
        }

        // Other pages are told of as before.
        Assert.Equal(
            name == "all" ? [] : [$"/beside-{name}/a.css"],
            (await Nghttp.RunAsync(site.Url($"/beside-{name}/"), "--no-push", "accept: text/html")).Hints.SelectMany(static h => h.Preloads));

        await site.LearnAsync(folder);
        Assert.Equal(files, (await Nghttp.RunAsync(site.Url(folder))).Promised);
    }

    [Fact]
    public async Task What_was_missing_is_promised_again_when_it_is_purged()
    {
        await site.LearnAsync("/back/", "/back/good.css", "/back/bad.js");
        site.Origin.On("/back/bad.js", "404 Not Found", "Cache-Control: max-age=600\nContent-Type: text/plain", "gone");
        await PurgeAsync(TargetOf("/back/bad.js"));
        await site.GetAsync("/back/bad.js");
        Assert.Equal(["/back/good.css"], (await Nghttp.RunAsync(site.Url("/back/"))).Promised);

        site.Origin.Files("/back/bad.js");
        Assert.Equal(["/back/good.css"], (await Nghttp.RunAsync(site.Url("/back/"))).Promised);
        await PurgeAsync(TargetOf("/back/bad.js"));
        var seen = await Nghttp.RunAsync(site.Url("/back/"));
        Assert.Equal(["/back/good.css", "/back/bad.js"], seen.Promised);
        Assert.Equal("complete", seen.Pushed("/back/bad.js")!.End);
    }

    [Theory]
    [InlineData("a.css")]
    [InlineData("b.js")]
    public async Task A_purged_file_is_pushed_to_members_again_though_only_members_come(string name)
    {
        var (folder, type) = ($"/members-{name}/", name == "a.css" ? "text/css" : "text/javascript");
        var (path, version) = (folder + name, "old");
        site.Origin.On(path, r => r.WriteAsync(Testing.Origins.RawRequest.Response(
            "200 OK", $"Content-Type: {type}\nCache-Control: max-age=600\nETag: \"{Volatile.Read(ref version)}\"", ";")));
        site.Origin.Page(folder, EarlySite.Elements(path));
        await site.LearnAsync(folder);
        await UntilPushedAsync();

        Volatile.Write(ref version, "new");
        await PurgeAsync(TargetOf(path));
        await UntilPushedAsync();

        // Without the visitor's credentials, as before the visitor's own page has come.
        async Task UntilPushedAsync()
        {
            Http2Trace? seen = null;
            await Testing.Eventually.TrueAsync(
                async () =>
                {
                    foreach (var member in new[] { "one", "two" })
                    {
                        await Curl.HeadsAsync(site.Url(path), $"Cookie: session={member}-0123456789");
                    }

                    seen = await Nghttp.RunAsync(site.Url(folder), "accept: text/html", "cookie: session=third-0123456789");
                    return seen.Pushed(path) is { } pushed && pushed.Promise["cookie"] is null;
                },
                () => $"It was not pushed without credentials: {seen?.Page?.Decision}\n{site.Proxy.Log}",
                TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task What_a_purged_stylesheet_names_is_read_again()
    {
        const string fonts = "@font-face {{ font-family: f; src: url(/read/{0}.woff2) }} body {{ font-family: f }}";
        site.Origin.On("/read/a.css", "200 OK", Style(), string.Format(null, fonts, "old"));
        site.Origin.Files("/read/old.woff2", "/read/new.woff2");
        site.Origin.Page("/read/", EarlySite.Elements("/read/a.css"));
        await site.LearnAsync("/read/");
        Assert.Contains("/read/old.woff2", (await site.GetAsync("/read/")).Preloads);

        site.Origin.On("/read/a.css", "200 OK", Style(), string.Format(null, fonts, "new"));
        await PurgeAsync(TargetOf("/read/a.css"));
        await Testing.Eventually.TrueAsync(
            async () =>
            {
                // Each time another client, because one alone teaches nothing about what others are sent.
                using var client = new Delivery.PageRequests();
                return (await client.GetAsync(site.Url("/read/"))).Preloads.Contains("/read/new.woff2");
            },
            () => $"It was never read again.\n{site.Proxy.Log}");
        Assert.DoesNotContain("/read/old.woff2", (await site.GetAsync("/read/")).Preloads);
    }

    private static string Style(string group = "none") => $"Content-Type: text/css\nCache-Control: max-age=600\nCache-Groups: \"{group}\"";

    private void Put(string path, string content) =>
        site.Origin.On(path, "200 OK", Style(path.Split('/')[1]) + $"\nETag: \"{content}\"", $"/* {content} */");

    private string TargetOf(string path) => $"target={Uri.EscapeDataString(site.Url(path).AbsoluteUri)}";

    private async Task PurgeAsync(string query)
    {
        using var client = new HttpClient();
        using var response = await client.PostAsync(new Uri(site.Proxy.Management, "/purge?" + query), null, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
    }
}
