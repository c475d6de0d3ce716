using System.Globalization;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Store;

/// <summary>What a push of something stored counts is what this client will be sent.</summary>
public sealed class BudgetTests(TightStoringSite site) : IClassFixture<TightStoringSite>
{
    private static readonly string Text = string.Join('\n', Enumerable.Range(0, 4000).Select(static i => $".c{i} {{ width: {i}px; color: red }}"));

    [Fact]
    public async Task More_may_be_pushed_to_a_client_that_takes_it_encoded()
    {
        Assert.True(Text.Length > 2 * 65536 - 8192);
        const string folder = "/encoded/";
        await MakeAsync(folder);

        // The last answer was long.
        await LengthAsync(folder + "a.css", "identity");
        var seen = await Nghttp.RunAsync(site.Url(folder), "accept-encoding: br");
        Assert.Equal([folder + "a.css", folder + "b.css"], seen.Promised);
        Assert.All(seen.Promised, path => Assert.Equal("complete", seen.Pushed(path)!.End));
        Assert.InRange(seen.Promised.Sum(path => seen.Pushed(path)!.Bytes), 1, 65536);
    }

    [Fact]
    public async Task And_nothing_too_long_is_promised_to_a_client_that_takes_it_as_it_is()
    {
        const string folder = "/plain/";
        await MakeAsync(folder);

        // The last answer was short.
        await LengthAsync(folder + "a.css", "br");
        await LengthAsync(folder + "b.css", "br");
        var seen = await Nghttp.RunAsync(site.Url(folder), "accept-encoding: identity");
        Assert.Empty(seen.Promised);
        Assert.Contains("not-pushed=over-push-bytes", seen.Page!.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_stored_is_pushed_while_the_origin_thinks()
    {
        const string folder = "/thinking/";
        await MakeAsync(folder);
        var asked = site.Asked(folder + "a.css");
        var held = site.Origin.Hold(folder);
        await using var client = Nghttp.Get(site.Url(folder), "accept-encoding: br");
        await client.UntilAsync(
            t => t.Pushed(folder + "a.css")?.End == "complete" && t.Pushed(folder + "b.css")?.End == "complete", "the end of both pushes");
        await held.ArrivedAsync();
        Assert.Null(client.Trace.Page);
        held.Release();
        Assert.Equal((200, "complete"), ((await client.EndAsync()).Page!.Status, client.Trace.PageEnd));
        Assert.Equal(asked, site.Asked(folder + "a.css"));
    }

    private async Task MakeAsync(string folder)
    {
        string[] files = [folder + "a.css", folder + "b.css"];
        foreach (var file in files)
        {
            site.Origin.On(file, "200 OK", $"Content-Type: text/css\nCache-Control: max-age=600\nETag: \"{file.Length}\"", Text);
        }

        site.Origin.Page(folder, Early.EarlySite.Elements(files));
        await site.LearnAsync(folder);
        foreach (var file in files)
        {
            await Eventually.TrueAsync(async () => await LengthAsync(file, "br") is > 0 and < 32768, () => "The smallest form was never made.");
        }
    }

    private async Task<int> LengthAsync(string path, string coding)
    {
        var head = Assert.Single(await Curl.HeadsAsync(site.Url(path), "--http2", "Accept-Encoding: " + coding));
        return int.Parse(head.Value("Content-Length") ?? "0", CultureInfo.InvariantCulture);
    }
}
