using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Learning;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using PushProxy.Tests.Forwarding;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>A page that uses up the budget of an analysis does so once, whatever its query string.</summary>
public sealed class CostlyPagesTests : IDisposable
{
    private static readonly TimeSpan Took = TimeSpan.FromSeconds(2);
    private readonly FakeTimeProvider _time = new();
    private readonly ResourceRegistry _registry = new();
    private readonly CostlyPages _pages;

    public CostlyPagesTests() => _pages = new(new LearningOptions(), _registry, _time);

    public void Dispose() => _pages.Dispose();

    [Fact]
    public async Task The_same_bytes_are_analysed_once_and_used_for_every_query_string()
    {
        await using var site = await StartAsync(_ => "");
        using var ran = new Counters(site, "pushproxy.learning.ran_out");
        var cost = CostOf(await site.UntilAsync("learned", "/?q=first"));
        for (var i = 0; i < 8; i++)
        {
            var answer = await site.UntilAsync("learned", $"/?q={i}");
            Assert.Equal(cost, CostOf(answer));
            Assert.Equal("</a.css>; rel=preload; as=style", answer.Link);
        }

        Assert.Equal(1, ran["cost", cost]);
    }

    [Fact]
    public async Task Bytes_that_differ_with_the_query_string_wait_for_a_pause()
    {
        await using var site = await StartAsync(http => http.Request.QueryString.Value!);
        using var ran = new Counters(site, "pushproxy.learning.ran_out");
        using var skipped = new Counters(site, "pushproxy.learning.skipped");
        var cost = CostOf(await site.UntilAsync("learned", "/?q=first"));
        for (var i = 0; i < 8; i++)
        {
            await site.GetAsync($"/?q={i}");
        }

        await skipped.UntilAsync("reason", "too-costly", 8);
        Assert.Equal(1, ran["cost", cost]);
    }

    [Fact]
    public async Task The_page_itself_does_not_wait_for_those_who_invent_query_strings()
    {
        await using var site = await StartAsync(http => http.Request.QueryString.Value!, http => http.Request.QueryString.HasValue);
        Assert.Contains("incomplete", (await site.UntilAsync("learned", "/?q=1")).Decision!, StringComparison.Ordinal);
        Assert.DoesNotContain("incomplete", (await site.UntilAsync("learned", "/")).Decision!, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_found_is_forgotten_when_a_stylesheet_changes()
    {
        var (page, analysis) = (Page("?q=1"), Some.Page(Some.Style("/a.css")) with { RanOutOn = AnalysisCost.Styles });
        _registry.Acquire(analysis.Resources[0].Url);
        _pages.Note(page, 1, analysis, _registry.Changes, Took);
        Assert.Same(analysis, _pages.Find(Page("?q=2"), 1));
        Assert.Null(_pages.Find(page, 2));
        Assert.Null(_pages.Find(page with { Audience = Audience.Members }, 1));

        var state = _registry.Find(analysis.Resources[0].Url)!;
        foreach (var version in new ulong[] { 1, 2 })
        {
            _registry.Observe(state, new ResourceVersionState(new ResourceVersion(version), null, default), namesOthers: true);
            _registry.Passed(state, new ResourceVersion(version), version, isCoded: false);
        }

        Assert.Null(_pages.Find(page, 1));
    }

    [Fact]
    public void The_pause_grows_up_to_a_bound_and_ends_with_a_page_that_is_understood()
    {
        var (page, analysis) = (Page("?q=1"), PageAnalysis.Empty with { RanOutOn = AnalysisCost.Layout });
        Assert.False(_pages.MustWait(page));
        foreach (var seconds in new[] { 60, 120, 240, 300, 300 })
        {
            _pages.Note(page, 1, analysis, 0, Took);
            _time.Advance(TimeSpan.FromSeconds(seconds - 1));
            Assert.True(_pages.MustWait(Page("?q=2")));
            _time.Advance(TimeSpan.FromSeconds(2));
            Assert.False(_pages.MustWait(Page("?q=3")));
        }

        _pages.Note(page, 1, analysis, 0, Took);
        _pages.Note(page, 2, PageAnalysis.Empty, 0, Took);
        Assert.False(_pages.MustWait(page));
    }

    [Fact]
    public void No_more_than_a_number_of_paths_is_remembered()
    {
        for (var i = 0; i <= CostlyPages.MaxPaths; i++)
        {
            _pages.Note(Page("", $"/{i}"), 1, PageAnalysis.Empty with { RanOutOn = AnalysisCost.Layout }, 0, Took);
        }

        Assert.False(_pages.MustWait(Page("", "/0")));
        Assert.True(_pages.MustWait(Page("", "/1")));
    }

    private static string CostOf(Answer answer)
    {
        Assert.Contains(";incomplete=", answer.Decision, StringComparison.Ordinal);
        return answer.Decision!.Split(";incomplete=")[1].Split(',', ';')[0];
    }

    private static PageDescription Page(string query, string path = "/") =>
        Some.Description(new PageKey("route", "site.test", path), new HeaderDictionary()) with { Query = query };

    // Properties that double, worked out anew for each element, because each declares one of its own.
    private static Task<ProxiedSite> StartAsync(Func<HttpContext, string> text, Func<HttpContext, bool>? isCostly = null) => ProxiedSite.StartAsync(
        http => http.Request.Path == "/"
            ? ProxiedSite.Html(http, $"<!doctype html><link rel=stylesheet href=/a.css><style>{(isCostly?.Invoke(http) == false ? "" : Css)}</style>"
                + $"<p>{text(http)}" + string.Concat(Enumerable.Repeat("<p style='--x:1'>x", 6000)))
            : Sheet(http),
        options => options.Learning = options.Learning with { MaxAnalysisTime = TimeSpan.FromSeconds(1), MaxRelearnPause = TimeSpan.Zero });

    private static string Css { get; } = "*{--a0:x;"
        + string.Concat(Enumerable.Range(0, 11).Select(i => string.Create(CultureInfo.InvariantCulture, $"--a{i + 1}:var(--a{i}) var(--a{i});")))
        + string.Concat(Enumerable.Repeat("margin:var(--a11);padding:var(--a10);", 20)) + "}";

    private static Task Sheet(HttpContext http)
    {
        http.Response.ContentType = "text/css";
        http.Response.Headers.ETag = "\"1\"";
        return http.Response.WriteAsync("p{color:red}");
    }
}
