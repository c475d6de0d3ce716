using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Tests.Support;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>Dates, numbers, lengths and ranges at the end of what can be computed with, and fields that come twice.</summary>
public sealed class NumberAttackTests
{
    private const string Past = "Mon, 01 Jan 0001 00:00:00 GMT", Future = "Fri, 31 Dec 9999 23:59:59 GMT";

    private static readonly string Long = new('9', 400);

    /// <summary>Each with whether it answers a second request.</summary>
    public static TheoryData<bool, string> Heads => new()
    {
        { true, $"Expires: {Future}" },
        { true, $"Expires: {Future}|Date: {Past}" },
        { false, $"Expires: {Past}|Date: {Future}|ETag: \"v\"" },
        { false, $"Expires: {Past}|Date: {Past}|ETag: \"v\"" },
        { false, $"Expires: {Future}|Expires: {Future}|ETag: \"v\"" },
        { false, $"Last-Modified: {Future}|ETag: \"v\"" },
        { false, $"Last-Modified: {Past}|Date: {Past}" },
        { true, $"Last-Modified: {Past}" },
        { true, $"Last-Modified: {Past}|Date: {Future}" },
        { false, $"Cache-Control: max-age=60|Date: {Past}|ETag: \"v\"" },
        { true, $"Cache-Control: max-age=60|Date: {Future}" },
        { true, "Cache-Control: max-age=2147483648" },
        { true, "Cache-Control: max-age=18446744073709551616" },
        { true, $"Cache-Control: max-age={Long}" },
        { true, $"Cache-Control: max-age={Long}, stale-while-revalidate={Long}, stale-if-error={Long}" },
        { false, $"Cache-Control: max-age=-{Long}" },
        { false, $"Cache-Control: max-age={Long}, max-age=0|ETag: \"v\"" },
        { false, $"Cache-Control: max-age={Long}|Cache-Control: max-age=0|ETag: \"v\"" },
        { true, $"CDN-Cache-Control: max-age=999999999999999" },
        { false, $"CDN-Cache-Control: max-age={Long}|Cache-Control: max-age=0|ETag: \"v\"" },
        { false, "Cache-Control: max-age=60|Age: 2147483648|ETag: \"v\"" },
        { false, $"Cache-Control: max-age=60|Age: {Long}|ETag: \"v\"" },
        { false, $"Cache-Control: max-age={Long}|Age: {Long}|ETag: \"v\"" },
        { true, $"Cache-Control: max-age=60|Age: -{Long}" },
        { true, $"Cache-Control: max-age=60|Age: 0|Age: {Long}" },
        { false, $"Cache-Control: max-age=60|Age: {Long}|Age: 0|ETag: \"v\"" },
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task No_date_and_no_number_is_too_great(bool answers, string head)
    {
        await using var site = await SaysAsync(head);
        foreach (var wait in new[] { 0, 1, 100_000 })
        {
            site.Time.Advance(TimeSpan.FromSeconds(wait));
            var answer = await site.GetAsync("/a.css");
            Assert.Equal((200, "body"), (answer.Status, answer.Body));
            if (wait == 1)
            {
                Assert.Equal(answers ? 1 : 2, site.Requests);
                Assert.True(!answers || int.Parse(answer["Age"]!) >= 0);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task A_failing_origin_is_replaced_or_not_but_nothing_fails_here(bool answers, string head)
    {
        var fails = false;
        await using var site = await SaysAsync(head, () => fails);
        await site.GetAsync("/a.css");
        fails = true;
        site.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains((await site.GetAsync("/a.css")).Status, answers ? [200] : new[] { 200, 503 });
    }

    [Theory]
    [InlineData("max-age", false)]
    [InlineData("min-fresh", true)]
    [InlineData("max-stale", false)]
    public async Task A_client_can_ask_for_any_number(string directive, bool isTooMuch)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        await site.GetAsync("/a.css");
        site.Time.Advance(TimeSpan.FromSeconds(11));
        foreach (var number in new[] { "2147483647", "2147483648", "18446744073709551616", Long })
        {
            Assert.Equal(200, (await site.GetAsync("/a.css", ("Cache-Control", $"{directive}={number}"))).Status);
        }

        Assert.Equal(isTooMuch ? 2 : 1, site.Requests);
    }

    [Fact]
    public async Task A_clock_that_is_set_back_makes_no_age_below_zero()
    {
        CachedSite? site = null;
        site = await CachedSite.StartAsync(http =>
        {
            site!.Time.AdjustTime(site.Time.GetUtcNow().AddHours(-1));
            http.Response.Headers.CacheControl = "max-age=60";
        });
        await using (site)
        {
            await site.GetAsync("/a.css");
            Assert.Equal("0", (await site.GetAsync("/a.css"))["Age"]);
            site.Time.Advance(TimeSpan.FromSeconds(60));
            await site.GetAsync("/a.css");
            Assert.Equal(2, site.Requests);
        }
    }

    [Theory]
    [InlineData("bytes=0-9223372036854775807", 206)]
    [InlineData("bytes=9223372036854775807-", 416)]
    [InlineData("bytes=9223372036854775806-9223372036854775807", 416)]
    [InlineData("bytes=-9223372036854775807", 206)]
    [InlineData("bytes=0-9223372036854775808", 200)]
    [InlineData("bytes=-9223372036854775808", 200)]
    [InlineData("bytes=0-0,0-0", 200)]
    [InlineData("bytes=0-,0-,0-", 200)]
    [InlineData("bytes=-1,-1", 200)]
    [InlineData("bytes=1-0,2-3", 200)]
    [InlineData("bytes=,", 200)]
    [InlineData("bytes=", 200)]
    [InlineData("bytes", 200)]
    [InlineData("bytes=0-0;bytes=1-1", 200)]
    [InlineData("BYTES=0-0", 206)]
    [InlineData("bytes=99-,98-", 416)]
    public async Task No_range_fails(string range, int status)
    {
        await using var site = await CachedSite.OfAsync(("Cache-Control", "max-age=600"));
        await site.GetAsync("/a.css");
        var answer = await site.GetAsync("/a.css", ("Range", range));
        Assert.Equal((status, 1), (answer.Status, site.Requests));
        Assert.True(answer.Body.Length <= "body 1".Length);
    }

    [Fact]
    public async Task A_thousand_ranges_are_the_whole_and_cost_no_more()
    {
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=600";
            await http.Response.WriteAsync(new string('x', 1_000_000));
        });
        await site.GetAsync("/a.css");
        Func<int, string>[] parts = [static i => $"{i * 5}-{(i * 5) + 1}", static _ => "0-", static i => $"-{i}", static _ => ""];
        foreach (var part in parts)
        {
            var answer = await site.GetAsync("/a.css", ("Range", $"bytes={string.Join(',', Enumerable.Range(0, 1000).Select(part))}"));
            Assert.Equal((200, 1_000_000), (answer.Status, answer.Body.Length));
        }

        // Two fields of the name are no range at all.
        Assert.Equal(200, (await site.GetAsync("/a.css", ("Range", "bytes=0-0"), ("Range", "bytes=1-1"))).Status);
    }

    [Fact]
    public async Task An_empty_body_has_no_range()
    {
        await using var site = await SaysAsync("Cache-Control: max-age=600", body: "");
        await site.GetAsync("/a.css");
        foreach (var range in new[] { "bytes=0-0", "bytes=0-", "bytes=-1" })
        {
            var answer = await site.GetAsync("/a.css", ("Range", range));
            Assert.Equal((416, "bytes */0"), (answer.Status, answer["Content-Range"]));
        }
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(5, 3)]
    [InlineData(100_000, 3)]
    [InlineData(0, 3)]
    public async Task A_length_that_is_not_true_is_nobody_elses_trouble(int stated, int sent)
    {
        var lies = true;
        await using var site = await CachedSite.StartAsync(async http =>
        {
            http.Response.Headers.CacheControl = "max-age=60";
            http.Response.ContentLength = lies ? stated : sent;
            await http.Response.Body.WriteAsync(new byte[sent]);
        });
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => site.GetAsync("/a.css"));
        lies = false;
        Assert.Equal(sent, (await site.GetAsync("/a.css")).Body.Length);
        await site.GetAsync("/a.css");
        Assert.Equal(2, site.Requests);
    }

    [Theory]
    [InlineData("ETag: \"a\"|ETag: \"b\"|Cache-Control: max-age=1")]
    [InlineData("Last-Modified: Sat, 28 Nov 2026 12:00:00 GMT|Last-Modified: Fri, 27 Nov 2026 12:00:00 GMT|Cache-Control: max-age=1")]
    public async Task A_validator_that_comes_twice_is_none(string head)
    {
        await using var site = await SaysAsync(head);
        await site.GetAsync("/a.css");
        foreach (var condition in new[] { "\"a\"", "\"b\"", "\"a\", \"b\"" })
        {
            Assert.Equal(200, (await site.GetAsync("/a.css", ("If-None-Match", condition))).Status);
        }

        Assert.Equal(200, (await site.GetAsync("/a.css", ("If-Modified-Since", "Sat, 28 Nov 2026 12:00:00 GMT"))).Status);
        Assert.Equal(1, site.Requests);
    }

    [Theory]
    [InlineData("Content-Type: text/plain|Content-Type: text/html")]
    [InlineData("Content-Type: text/html|Content-Type: text/plain")]
    [InlineData("Content-Type: text/plain, text/html; charset=utf-8")]
    public async Task Of_several_types_any_may_be_a_documents(string head)
    {
        await using var site = await SaysAsync($"Cache-Control: max-age=60|{head}");
        site.Scope = HttpCacheScope.Assets;
        Assert.Contains("document", (await site.GetAsync("/a"))["Cache-Status"]);
    }

    private static Task<CachedSite> SaysAsync(
        string head, Func<bool>? fails = null, string body = "body") => CachedSite.StartAsync(async http =>
    {
        if (fails?.Invoke() == true)
        {
            http.Response.StatusCode = 503;
            return;
        }

        foreach (var field in head.Split('|'))
        {
            var (name, value) = (field[..field.IndexOf(':')], field[(field.IndexOf(':') + 2)..]);
            http.Response.Headers.Append(name, value);
        }

        await http.Response.WriteAsync(body);
    });
}
