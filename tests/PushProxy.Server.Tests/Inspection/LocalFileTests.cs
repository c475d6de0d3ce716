using PushProxy.Inspection;
using PushProxy.Server.Inspection;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Inspection;

/// <summary>Which files of this machine <c>inspect</c> reads: those that a page that is a file has in its folder, and no others.</summary>
public sealed class LocalFileTests : IDisposable
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_page_of_a_site_cannot_name_one()
    {
        var pipe = await PipeAsync("pipe");
        await using var site = await TestSite.WithPageAsync($"""
            <!DOCTYPE html><script src="http://files.invalid{pipe}"></script>
            <script>window.jQuery || document.write('<script src="/local.js"><\/script>')</script>
            """);

        var result = await Pushproxy.RunAsync("inspect", "--json", site.Address);

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("/local.js", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_has_those_in_its_folder_and_in_the_working_folder_above_it()
    {
        _folder.Write("secret/out.css", "@import 'of-out.css';");
        _folder.Write("site/css/near.css", "@import 'of-near.css';");
        _folder.Write("site/pages/own.css", "@import 'of-own.css';");
        var page = _folder.Write(
            "site/pages/page.html",
            "<link rel=stylesheet href=own.css><link rel=stylesheet href=../css/near.css><link rel=stylesheet href=../../secret/out.css>"
            + "<link rel=stylesheet href='..%2f..%2fsecret/out.css'>");

        var elsewhere = await Pushproxy.RunAsync("inspect", page);
        Assert.Contains("of-own.css", elsewhere.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("of-near.css", elsewhere.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("of-out.css", elsewhere.Output, StringComparison.Ordinal);
        Assert.Contains("secret/out.css could not be fetched", elsewhere.Error, StringComparison.Ordinal);

        var above = await Pushproxy.RunAsync(["inspect", "pages/page.html"], _folder["site"]);
        Assert.Contains("of-near.css", above.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("of-out.css", above.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_regular_file_is_not_opened()
    {
        await PipeAsync("pipe.css");
        File.CreateSymbolicLink(_folder["device.css"], "/dev/zero");
        File.CreateSymbolicLink(_folder["linked.css"], "pipe.css");
        _folder.Write("empty.css", "");
        _folder.Write("real.css", "@import 'of-real.css';");
        File.CreateSymbolicLink(_folder["link.css"], "real.css");
        var page = _folder.Write("page.html", string.Concat(
            ((string[])["pipe", "device", "linked", "empty", "link"]).Select(static n => $"<link rel=stylesheet href={n}.css>")));
        using var reader = Reader(TimeSpan.FromSeconds(20));

        var inspected = await reader.InspectAsync(page, Cancellation).WaitAsync(TimeSpan.FromSeconds(15), Cancellation);

        Assert.Contains(inspected.Resources, static r => r.Url.EndsWith("/of-real.css", StringComparison.Ordinal));
        Assert.Equal(["of-real.css"], inspected.Unread.Select(static u => u.Split('/')[^1]));
    }

    [Fact]
    public async Task A_page_that_nobody_writes_is_given_up()
    {
        var pipe = await PipeAsync("page.html");
        using var reader = Reader(TimeSpan.FromSeconds(0.2));

        var thrown = await Assert.ThrowsAsync<PageUnavailableException>(
            () => Task.Run(() => reader.InspectAsync(pipe, Cancellation), Cancellation).WaitAsync(TimeSpan.FromSeconds(15), Cancellation));

        Assert.Equal("the page did not arrive within 0.2 seconds", thrown.Message);
    }

    private static PageReader Reader(TimeSpan limit) =>
        new(new PageInspector(new PushProxyOptions()), SiteAccess.Plain(insecure: false), limit);

    private async Task<string> PipeAsync(string name)
    {
        await ExternalTool.RunAsync("mkfifo", [_folder[name]]);
        return _folder[name];
    }
}
