using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A push whose answer is not 200 costs its promise and no more; what is missing is delivered early no more. What is missing here are
/// scripts: the program reads stylesheets itself, and would know before anything is promised.
/// </summary>
public sealed class MissingResourceTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Theory]
    [InlineData("404 Not Found", "X-Why: gone")]
    [InlineData("410 Gone", "X-Why: gone")]
    [InlineData("302 Found", "Location: /elsewhere.css")]
    [InlineData("403 Forbidden", "X-Why: forbidden")]
    [InlineData("500 Internal Server Error", "X-Why: broken")]
    public async Task A_promise_that_is_not_kept_is_reset_and_not_repeated(string status, string header)
    {
        var folder = $"/kept-{status[..3]}/";
        var (good, bad) = (folder + "good.css", folder + "bad.js");
        site.Origin.Page(folder, EarlySite.Elements(good, bad));
        site.Origin.Files(good, bad);
        await site.LearnAsync(folder);
        site.Origin.On(bad, status, header, "an error that nobody wants");
        var held = site.Origin.Hold(folder);

        await using var client = Nghttp.Get(site.Url(folder));
        await client.UntilAsync(t => t.Pushed(bad)?.End is not null && t.Pushed(good)?.End is not null, "the end of both pushes");
        held.Release();
        var first = await client.EndAsync();

        Assert.Equal(("CANCEL", 0), (first.Pushed(bad)!.End, first.Pushed(bad)!.Bytes));
        Assert.Null(first.Pushed(bad)!.Answer);
        Assert.Equal("complete", first.Pushed(good)!.End);
        Assert.Equal((200, "complete"), (first.Page!.Status, first.PageEnd));
        Assert.Empty(first.Errors);
        await AssertNotDeliveredAsync(folder, bad, good);
    }

    [Fact]
    public async Task A_promise_the_origin_gives_no_answer_to_is_reset_and_is_good_again_when_the_origin_is()
    {
        // The proxy's own 502 would be taken by the client as what the resource is; asked for, it may well be there a moment later.
        await site.LearnAsync("/silent/", "/silent/good.css", "/silent/bad.js");
        site.Origin.On("/silent/bad.js", request =>
        {
            request.Reset();
            return Task.CompletedTask;
        });
        var seen = await Nghttp.RunAsync(site.Url("/silent/"));
        Assert.Equal(("CANCEL", 0), (seen.Pushed("/silent/bad.js")!.End, seen.Pushed("/silent/bad.js")!.Bytes));
        Assert.Null(seen.Pushed("/silent/bad.js")!.Answer);
        Assert.Equal("complete", seen.Pushed("/silent/good.css")!.End);
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Empty(seen.Errors);

        site.Origin.Files("/silent/bad.js");
        seen = await Nghttp.RunAsync(site.Url("/silent/"));
        Assert.Equal("complete", seen.Pushed("/silent/bad.js")!.End);
    }

    [Fact]
    public async Task What_a_client_itself_was_told_is_missing_is_not_delivered()
    {
        await site.LearnAsync("/asked/", "/asked/good.css", "/asked/bad.js");
        site.Origin.On("/asked/bad.js", "404 Not Found", "X-Why: gone", "");
        await site.GetAsync("/asked/bad.js");
        await AssertNotDeliveredAsync("/asked/", "/asked/bad.js", "/asked/good.css");
    }

    [Fact]
    public async Task What_is_back_is_delivered_again()
    {
        await site.LearnAsync("/back/", "/back/good.css", "/back/bad.js");
        site.Origin.On("/back/bad.js", "404 Not Found", "X-Why: gone", "");
        await Nghttp.RunAsync(site.Url("/back/"));
        await AssertNotDeliveredAsync("/back/", "/back/bad.js", "/back/good.css");

        site.Origin.Files("/back/bad.js");
        await site.GetAsync("/back/bad.js");
        var seen = await Nghttp.RunAsync(site.Url("/back/"));
        Assert.Equal(["/back/good.css", "/back/bad.js"], seen.Promised);
        Assert.Equal("complete", seen.Pushed("/back/bad.js")!.End);
    }

    [Fact]
    public async Task What_was_missing_at_the_first_visit_is_not_pushed_at_the_second()
    {
        site.Origin.Files("/once/good.css");
        var rest = new TaskCompletionSource();
        site.Origin.On("/once/", async request =>
        {
            var head = $"<!doctype html><head>{EarlySite.Elements("/once/good.css", "/once/bad.js")}</head>";
            await request.WriteAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {head.Length + 4}\r\n\r\n{head}");
            await rest.Task;
            await request.WriteAsync("text");
        });

        // The push has failed before the page is whole, and so before it can be learned.
        await using var client = Nghttp.Get(site.Url("/once/"));
        await client.UntilAsync(t => t.Pushed("/once/bad.js")?.End == "CANCEL", "the end of the push");
        rest.SetResult();
        await client.EndAsync();
        await Eventually.TrueAsync(
            () => site.Proxy.LinesWith("/once/").Any(l => l.Contains("Learned", StringComparison.Ordinal)),
            () => $"The page was never learned.\n{site.Proxy.Log}");
        await AssertNotDeliveredAsync("/once/", "/once/bad.js", "/once/good.css");
    }

    private async Task AssertNotDeliveredAsync(string page, string missing, string good)
    {
        var pushed = await Nghttp.RunAsync(site.Url(page));
        Assert.Equal([good], pushed.Promised);
        Assert.Empty(pushed.Page!.Links);

        var hinted = await Nghttp.RunAsync(site.Url(page), "--no-push", "accept: text/html");
        Assert.Equal([good], Assert.Single(hinted.Hints).Preloads);
        Assert.Equal([good], hinted.Page!.Preloads);
        foreach (var seen in new[] { pushed, hinted })
        {
            Assert.Contains($"\"{missing}\";as=script;found=head-script;skip=missing", seen.Page!.Decision, StringComparison.Ordinal);
        }
    }
}
