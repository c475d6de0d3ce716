using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>What the origin has no longer is told in advance no longer, whoever finds that out, and whatever is stored.</summary>
public sealed class MissingTests(NearStoringSite site) : IClassFixture<NearStoringSite>
{
    [Fact]
    public async Task A_clients_request_that_validates_what_is_stored()
    {
        await LearnAsync("/client/", "Cache-Control: no-cache\nETag: \"1\"");
        Remove("/client/bad.js");
        await GetAsync("/client/bad.js");
        await AssertEndedAsync("/client/");
    }

    [Fact]
    public async Task A_request_in_the_background()
    {
        await LearnAsync("/background/", "Cache-Control: max-age=4, stale-while-revalidate=600\nETag: \"1\"");
        Remove("/background/bad.js");
        var asked = site.Asked("/background/bad.js");
        await Eventually.TrueAsync(
            async () =>
            {
                await GetAsync("/background/bad.js");
                return site.Asked("/background/bad.js") > asked;
            },
            () => "The origin was not asked any more.");
        await Eventually.TrueAsync(
            async () => (await site.GetAsync("/background/")).Decision.Contains("bad.js\";as=script;found=head-script;skip=missing", StringComparison.Ordinal),
            () => "Others were told of it to the end.");
        await AssertEndedAsync("/background/");
    }

    [Theory]
    [InlineData("Cache-Control: max-age=600")]
    [InlineData("X-No: freshness")]
    public async Task A_push(string freshness)
    {
        var folder = $"/push-{freshness.Length}/";
        await LearnAsync(folder, "Cache-Control: no-cache\nETag: \"1\"");
        Remove(folder + "bad.js", freshness);
        var seen = await Nghttp.RunAsync(site.Url(folder));
        Assert.Equal(("CANCEL", 0), (seen.Pushed(folder + "bad.js")!.End, seen.Pushed(folder + "bad.js")!.Bytes));
        await AssertEndedAsync(folder);
    }

    [Fact]
    public async Task The_programs_own_request_that_a_stored_answer_answers()
    {
        // The answer is stored before anybody knows of a page that names it.
        site.Origin.Files("/own/good.css");
        Remove("/own/bad.js");
        await GetAsync("/own/bad.js");
        site.Origin.Page("/own/", EarlySite.Elements("/own/good.css", "/own/bad.js"));
        await site.LearnAsync("/own/");
        await AssertEndedAsync("/own/");
        Assert.Equal(1, site.Asked("/own/bad.js"));
    }

    [Fact]
    public async Task A_stored_answer_that_a_client_gets()
    {
        await LearnAsync("/stored/", "Cache-Control: no-cache\nETag: \"1\"");
        Remove("/stored/bad.js");
        await GetAsync("/stored/bad.js");
        var asked = site.Asked("/stored/bad.js");
        await GetAsync("/stored/bad.js");
        Assert.Equal(asked, site.Asked("/stored/bad.js"));
        await AssertEndedAsync("/stored/");
    }

    private Task<IReadOnlyList<Head>> GetAsync(string path) => Curl.HeadsAsync(site.Url(path), "--http2");

    private async Task LearnAsync(string folder, string freshness)
    {
        site.Origin.Files(folder + "good.css");
        site.Origin.On(folder + "bad.js", "200 OK", "Content-Type: text/javascript\n" + freshness, "/* */");
        site.Origin.Page(folder, EarlySite.Elements(folder + "good.css", folder + "bad.js"));
        await site.LearnAsync(folder);
        Assert.Equal([folder + "good.css", folder + "bad.js"], (await Nghttp.RunAsync(site.Url(folder))).Promised);
    }

    private void Remove(string path, string freshness = "Cache-Control: max-age=600") =>
        site.Origin.On(path, "404 Not Found", "Content-Type: text/plain\n" + freshness, "gone");

    private async Task AssertEndedAsync(string folder)
    {
        Assert.Equal([folder + "good.css"], (await Nghttp.RunAsync(site.Url(folder))).Promised);
        var hinted = await Nghttp.RunAsync(site.Url(folder), "--no-push", "accept: text/html");
        Assert.Equal([folder + "good.css"], Assert.Single(hinted.Hints).Preloads);
        Assert.Equal([folder + "good.css"], hinted.Page!.Preloads);
    }
}
