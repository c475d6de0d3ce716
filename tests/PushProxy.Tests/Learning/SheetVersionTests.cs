using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Testing;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Several versions of one stylesheet side by side: only what it contains decides whether pages are analysed again.</summary>
public sealed class SheetVersionTests
{
    private const string Css = "@font-face{font-family:F;src:url(/fonts/f.woff2)}p{font-family:F}";
    private const int Views = 30;

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private int _answer;
    private int _fetches;

    [Theory]
    [InlineData("ETag", false)]
    [InlineData("ETag", true)]
    [InlineData("Last-Modified", false)]
    public async Task Sheets_whose_validator_differs_by_server_are_not_analysed_with_each_view(string field, bool compressed)
    {
        await using var site = await StartAsync(http =>
        {
            var server = Interlocked.Increment(ref _answer) % 3;
            http.Response.Headers[field] = field == "ETag" ? $"\"server-{server}\"" : $"Mon, 0{server + 1} Jun 2020 10:20:30 GMT";
            return WriteAsync(http, Css, compressed && http.Request.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.Ordinal));
        });
        await ViewAsync(site, compressed);
        var (analyses, fetches) = await CountAsync(site, compressed);
        Assert.InRange(analyses, 0, 3);
        Assert.InRange(fetches, 0, 3);

        // And then no more.
        _time.Advance(TimeSpan.FromMinutes(2));
        Assert.InRange((await CountAsync(site, compressed)).Analyses, 0, 1);
    }

    [Theory]
    [InlineData("ETag")]
    [InlineData("content")]
    public async Task Sheets_that_are_never_the_same_are_analysed_after_growing_pauses(string difference)
    {
        await using var site = await StartAsync(http =>
        {
            var answer = Interlocked.Increment(ref _answer);
            http.Response.Headers.ETag = $"\"{answer}\"";
            return WriteAsync(http, difference == "ETag" ? Css : $"{Css}/* {answer} */", compressed: false);
        });
        await ViewAsync(site, compressed: false);
        var (analyses, _) = await CountAsync(site, compressed: false);
        Assert.InRange(analyses, 0, 3);
    }

    [Fact]
    public async Task A_version_that_comes_back_with_other_content_is_noticed()
    {
        var (css, tag) = (Css, "\"1\"");
        await using var site = await StartAsync(http =>
        {
            http.Response.Headers.ETag = tag;
            return WriteAsync(http, css, compressed: false);
        });
        await UntilAsync(site, "/fonts/f.woff2");
        (css, tag) = (Css.Replace("/f.", "/g.", StringComparison.Ordinal), "\"2\"");
        await UntilAsync(site, "/fonts/g.woff2");
        (css, tag) = (Css, "\"1\"");
        await UntilAsync(site, "/fonts/f.woff2");
        (css, tag) = (Css.Replace("/f.", "/h.", StringComparison.Ordinal), "\"3\"");
        await UntilAsync(site, "/fonts/h.woff2", compressed: true);
    }

    private static async Task UntilAsync(ProxiedSite site, string font, bool compressed = false) => await Eventually.AnswerAsync(
        async () =>
        {
            await site.GetAsync("/a.css", compressed ? [("Accept-Encoding", "gzip")] : []);
            return (await site.GetAsync()).Link ?? "";
        },
        link => link.Contains(font, StringComparison.Ordinal),
        font);

    // A view is a page, and then its sheet. The next view begins when the analysis that this one caused has ended.
    private async Task<(long Analyses, int Fetches)> CountAsync(ProxiedSite site, bool compressed)
    {
        using var analysed = new Counters(site, "pushproxy.learning.analysed");
        var before = _fetches;
        for (var view = 0; view < Views; view++)
        {
            await ViewAsync(site, compressed);
        }

        return (analysed["outcome", "confirmed"] + analysed["outcome", "changed"] + analysed["outcome", "learned"], _fetches - before);
    }

    private async Task ViewAsync(ProxiedSite site, bool compressed)
    {
        var budget = site.Services.GetRequiredService<PushProxy.Learning.CopyBudget>();
        await site.UntilAsync("learned");
        await site.GetAsync("/a.css", compressed ? [("Accept-Encoding", "gzip")] : []);
        await Eventually.TrueAsync(() => budget.Used == 0, () => "A page was never analysed.");
    }

    private Task<ProxiedSite> StartAsync(Func<HttpContext, Task> sheet) => ProxiedSite.StartAsync(
        http =>
        {
            if (http.Request.Path == "/a.css")
            {
                _fetches += http.Request.Headers.UserAgent.ToString().StartsWith("PushProxy", StringComparison.Ordinal) ? 1 : 0;
                return sheet(http);
            }

            http.Response.Headers.ETag = "\"page\"";
            return ProxiedSite.Html(http, "<!doctype html><head><link rel=stylesheet href=/a.css></head><body><p>Text</p>");
        },
        services: services => services.AddSingleton<TimeProvider>(_time));

    // Each server compresses on the fly, and not to the same bytes.
    private async Task WriteAsync(HttpContext http, string css, bool compressed)
    {
        http.Response.ContentType = "text/css";
        if (!compressed)
        {
            await http.Response.WriteAsync(css);
            return;
        }

        http.Response.Headers.ContentEncoding = "gzip";
        using var body = new MemoryStream();
        using (var coder = new GZipStream(body, (_answer % 2 == 0) ? CompressionLevel.Fastest : CompressionLevel.NoCompression, leaveOpen: true))
        {
            coder.Write(Encoding.UTF8.GetBytes(css));
        }

        http.Response.ContentLength = body.Length;
        await http.Response.Body.WriteAsync(body.ToArray());
    }
}
