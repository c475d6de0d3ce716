using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>What was learned is wrong once at the most: the first view that shows a change is the last that is told of the old.</summary>
public sealed class StaleKnowledgeTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Html = "accept: text/html";

    [Theory]
    [InlineData("bytes", "X-No: validator", "X-No: validator")]
    [InlineData("etag", "ETag: \"1\"", "ETag: \"2\"")]
    [InlineData("modified", "Last-Modified: Mon, 05 Oct 2026 10:00:00 GMT", "Last-Modified: Tue, 06 Oct 2026 10:00:00 GMT")]
    public async Task A_page_that_names_other_files_is_told_of_them_from_the_next_view_on(string folder, string before, string after)
    {
        var (old, renamed, kept) = ($"/{folder}/app.1.css", $"/{folder}/app.2.css", $"/{folder}/kept.css");
        site.Origin.Files(old, renamed, kept);
        site.Origin.Page($"/{folder}/", EarlySite.Elements(old, kept), before);
        await site.LearnAsync($"/{folder}/");

        site.Origin.Page($"/{folder}/", EarlySite.Elements(renamed, kept), after);
        var first = await HintedAsync($"/{folder}/");
        Assert.Equal([old, kept], first.Hints.Single().Preloads);
        await UntilLearnedAsync($"/{folder}/", "Changed");

        // The first to be sent the new name teaches, another confirms.
        await site.LearnAsync($"/{folder}/");
        var second = await HintedAsync($"/{folder}/");
        Assert.Equal([renamed, kept], second.Hints.Single().Preloads);
        Assert.Equal([renamed, kept], second.Page!.Preloads);
        Assert.Equal([renamed, kept], (await Nghttp.RunAsync(site.Url($"/{folder}/"), Html)).Promised);
    }

    [Fact]
    public async Task A_changed_validator_is_believed_before_the_page_has_been_read_again()
    {
        site.Origin.Files("/validator/old.css", "/validator/new.css");
        site.Origin.Page("/validator/", EarlySite.Elements("/validator/old.css"), "ETag: \"1\"");
        await site.LearnAsync("/validator/");
        site.Origin.Page("/validator/", EarlySite.Elements("/validator/new.css"), "ETag: \"2\"");
        var seen = await HintedAsync("/validator/");

        // The 103 had left already; the response itself names what the page does.
        Assert.Equal(["/validator/new.css"], seen.Page!.Preloads);
    }

    [Theory]
    [InlineData("302 Found", "Location: /elsewhere/")]
    [InlineData("301 Moved Permanently", "Location: /elsewhere/")]
    [InlineData("404 Not Found", "Content-Type: text/html")]
    [InlineData("410 Gone", "Content-Type: text/html")]
    [InlineData("200 OK", "Content-Type: application/json")]
    public async Task A_page_that_is_none_any_more_is_told_of_no_more(string status, string header)
    {
        var folder = $"/gone-{status[..3]}/";
        await site.LearnAsync(folder, folder + "a.css");
        site.Origin.On(folder, status, header, "{}");
        var first = await HintedAsync(folder);
        Assert.Single(first.Hints);
        Assert.Equal(status[..3], first.Page![":status"]);

        // One such answer may have a reason that lies in the request.
        Assert.Single((await HintedAsync(folder)).Hints);
        Assert.Empty((await HintedAsync(folder)).Hints);
        Assert.Empty((await Nghttp.RunAsync(site.Url(folder), Html)).Promised);
    }

    [Theory]
    [InlineData("x-requested-with: XMLHttpRequest")]
    [InlineData("hx-request: true")]
    [InlineData("turbo-frame: list")]
    [InlineData("x-pjax: true")]
    public async Task A_part_of_a_page_is_no_page_and_changes_nothing_of_it(string field)
    {
        var folder = $"/part-{field.Split(':')[0]}/";
        site.Origin.Files(folder + "a.css", folder + "part.css");
        site.Origin.On(folder, r => r.WriteAsync(RawRequest.Response(
            "200 OK",
            "Content-Type: text/html",
            r.Head.Value(field.Split(':')[0]) is null
                ? ScriptedSite.Html(EarlySite.Elements(folder + "a.css")) : $"<link rel=stylesheet href={folder}part.css><li>part")));
        await site.LearnAsync(folder);
        for (var i = 0; i < 3; i++)
        {
            var part = await Nghttp.RunAsync(site.Url(folder), Html, "--no-push", field);
            Assert.Empty(part.Hints);
            Assert.Empty(part.Page!.Links);
            Assert.Equal([folder + "a.css"], (await HintedAsync(folder)).Hints.Single().Preloads);
        }
    }

    [Theory]
    [InlineData("500 Internal Server Error")]
    [InlineData("503 Service Unavailable")]
    public async Task An_origin_in_trouble_says_nothing_of_the_page(string status)
    {
        var folder = $"/trouble-{status[..3]}/";
        await site.LearnAsync(folder, folder + "a.css");
        site.Origin.On(folder, status, "Content-Type: text/html", "trouble");
        Assert.Single((await HintedAsync(folder)).Hints);
        site.Origin.Page(folder, EarlySite.Elements(folder + "a.css"));
        Assert.Single((await HintedAsync(folder)).Hints);
    }

    [Fact]
    public async Task A_page_whose_bytes_always_change_loses_a_name_at_once()
    {
        var views = 0;
        var names = "/restless/a.css /restless/b.css";
        site.Origin.Files("/restless/a.css", "/restless/b.css");
        site.Origin.On("/restless/", request => request.WriteAsync(Testing.Origins.RawRequest.Response(
            "200 OK", "Content-Type: text/html",
            Testing.Origins.ScriptedSite.Html(
                EarlySite.Elements(names.Split(' ')) + $"<meta name=view content={Interlocked.Increment(ref views)}>"))));
        await site.LearnAsync("/restless/");
        await HintedAsync("/restless/");
        await UntilLearnedAsync("/restless/", "Confirmed");

        // Its pause has begun: new names may wait, but a name that has gone may not.
        names = "/restless/a.css";
        await HintedAsync("/restless/");
        await UntilLearnedAsync("/restless/", "Changed");
        Assert.Equal(["/restless/a.css"], (await HintedAsync("/restless/")).Hints.Single().Preloads);
    }

    private Task<Http2Trace> HintedAsync(string page) => Nghttp.RunAsync(site.Url(page), Html, "--no-push");

    private Task UntilLearnedAsync(string page, string outcome) => Eventually.TrueAsync(
        () => site.Proxy.LinesWith($"{outcome} {site.Url(page)}:").Any(),
        () => $"'{outcome}' was never logged for {page}.\n{site.Proxy.Log}");
}
