using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>Pages beside each other help one that was never seen.</summary>
public sealed class TemplateTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Html = "accept: text/html";

    [Fact]
    public async Task What_three_pages_of_a_folder_share_is_expected_of_a_fourth_before_it_answers()
    {
        await LearnAsync("/articles/", "one", "two", "three");
        PageOf("/articles/", "four");
        var held = site.Origin.Hold("/articles/four");

        await using var pushed = Nghttp.Get(site.Url("/articles/four"), Html);
        await pushed.UntilAsync(t => t.Promises.Count > 0, "a push for a page never seen");
        await using var hinted = Nghttp.Get(site.Url("/articles/four"), Html, "--no-push");
        await hinted.UntilAsync(t => t.Hints.Count > 0, "a 103 for a page never seen");
        Assert.Null(pushed.Trace.Page);
        Assert.Null(hinted.Trace.Page);
        held.Release();

        // What is its own is found as it passes.
        var seen = await pushed.EndAsync();
        Assert.Equal(["/articles/common.css", "/articles/four.css"], seen.Promised);
        Assert.True(seen.IndexOf(seen.Promises[1]) < seen.IndexOf(seen.Page!), seen.Text);
        Assert.Empty(seen.Page!.Links);
        seen = await hinted.EndAsync();
        Assert.Equal(["/articles/common.css"], seen.Hints.Single().Preloads);
        Assert.Equal(["/articles/common.css", "/articles/four.css"], seen.Page!.Preloads);
    }

    [Fact]
    public async Task Two_pages_are_not_enough()
    {
        await LearnAsync("/pair/", "one", "two");
        PageOf("/pair/", "three");
        await AssertNothingEarlyAsync("/pair/three");
    }

    [Fact]
    public async Task Nothing_is_expected_where_pages_do_not_agree()
    {
        await LearnAsync("/mixed/", "one", "two");
        await site.LearnAsync("/mixed/three", "/mixed/another.css");
        PageOf("/mixed/", "four");
        await AssertNothingEarlyAsync("/mixed/four");
    }

    [Theory]
    [InlineData("report.pdf")]
    [InlineData("picture.jpeg")]
    [InlineData("archive.tar.gz")]
    public async Task A_download_is_not_expected_to_be_a_page(string name)
    {
        await LearnAsync("/downloads/", "one", "two", "three");
        site.Origin.On("/downloads/" + name, "200 OK", "Content-Type: application/octet-stream", "bytes");
        var pushed = await Nghttp.RunAsync(site.Url("/downloads/" + name), Html);
        Assert.Empty(pushed.Promised);
        Assert.Empty((await Nghttp.RunAsync(site.Url("/downloads/" + name), Html, "--no-push")).Hints);
    }

    [Fact]
    public async Task A_client_that_may_want_anything_is_not_told_of_a_page_never_seen()
    {
        await LearnAsync("/anything/", "one", "two", "three");
        PageOf("/anything/", "four");
        var seen = await Nghttp.RunAsync(site.Url("/anything/four"), "--no-push", "accept: */*");
        Assert.Empty(seen.Hints);
    }

    [Fact]
    public async Task What_one_visitor_needs_is_no_part_of_a_template()
    {
        foreach (
            var (name, cookie) in new[] { ("one", "session=aaaaaaaaaa"), ("two", "session=bbbbbbbbbb"), ("three", "session=cccccccccc") })
        {
            site.Origin.Page("/mine/" + name, EarlySite.Elements("/mine/secret.css"), "Vary: Cookie");
            await Nghttp.RunAsync(site.Url("/mine/" + name), Html, "cookie: " + cookie);
        }

        // Each page was sent to one visitor alone: three agreeing pages are three different secrets.
        await site.LearnAsync("/mine-after/", "/mine-after/a.css");
        site.Origin.Page("/mine/four", "");
        await AssertNothingEarlyAsync("/mine/four");
    }

    private void PageOf(string folder, string name)
    {
        site.Origin.Files(folder + "common.css", $"{folder}{name}.css");
        site.Origin.Page(folder + name, EarlySite.Elements(folder + "common.css", $"{folder}{name}.css"));
    }

    private async Task LearnAsync(string folder, params string[] names)
    {
        foreach (var name in names)
        {
            PageOf(folder, name);
            await site.LearnAsync(folder + name);
        }
    }

    private async Task AssertNothingEarlyAsync(string page)
    {
        foreach (var option in new[] { "--no-push", "accept-language: en" })
        {
            var held = site.Origin.Hold(page);
            await using var client = Nghttp.Get(site.Url(page), Html, option);
            await held.ArrivedAsync();

            // What is early is decided before the origin is asked.
            held.Release();
            var seen = await client.EndAsync();
            Assert.Empty(seen.Hints);
            Assert.DoesNotContain("template", seen.Page!.Decision, StringComparison.Ordinal);
        }
    }
}
