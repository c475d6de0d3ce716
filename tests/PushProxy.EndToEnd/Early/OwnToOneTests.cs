using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// Pages without cookies that hold something of each visitor's own, wherever a page can hold it. No other visitor gets it, by no channel
/// and in no header field, and what all visitors' pages say is still told early.
/// </summary>
public sealed partial class OwnToOneTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Common = "<link rel=stylesheet href=/{0}/all.css>";
    private int _visitors;

    [Theory]
    [InlineData("etag", "ETag: W/\"1\"", "<link rel=stylesheet href=/{0}/a.css?{1}>")]
    [InlineData("modified", "Last-Modified: Tue, 24 Nov 2026 10:00:00 GMT", "<script src=/{0}/a.js?{1}></script>")]
    [InlineData("strong", "ETag: \"1\"", "<img src=/{0}/h.jpg?{1} width=900 height=600>")]
    [InlineData("import", "X-Kind: page", "<style>@import '/{0}/a.css?{1}';</style>")]
    [InlineData("font", "X-Kind: page", "<style>@font-face{{font-family:F;src:url(/{0}/f.woff2?{1})}}body{{font-family:F}}</style>")]
    [InlineData("background", "X-Kind: page", "<style>h1{{height:600px;background:url(/{0}/h.jpg?{1})}}</style>")]
    [InlineData("longer", "X-Kind: page", "<link rel=stylesheet href=/{0}/a.css?id={1}>")]
    [InlineData("integrity", "X-Kind: page", "<link rel=stylesheet href=/{0}/b.css integrity=sha256-{1}>")]
    [InlineData("srcset", "X-Kind: page", "<img src=/{0}/h.jpg srcset='/{0}/h.jpg?{1} 2x' width=900 height=600>")]
    [InlineData("media", "X-Kind: page", "<link rel=stylesheet href=/{0}/m.css media='(min-width: 1px), {1}'>")]
    [InlineData("connect", "X-Kind: page", "<link rel=stylesheet href=https://{1}.cdn.test/a.css>")]
    [InlineData("connect-etag", "ETag: \"1\"", "<link rel=stylesheet href=https://{1}.cdn.test/a.css>")]
    [InlineData("not-modified", "ETag: \"1\"", "<script src=/{0}/{1}.js></script>")]
    [InlineData("left-out-fresh", "X-Kind: page", "<script async src=/{0}/a.js?{1}></script>")]
    [InlineData("left-out", "ETag: \"1\"", "<script async src=/{0}/a.js?{1}></script>")]
    [InlineData("policy", "Content-Security-Policy: default-src *; report-uri /csp?{1}", "")]
    [InlineData("policy-etag", "ETag: \"1\"\nContent-Security-Policy: default-src *; report-uri /csp?{1}", "")]
    public async Task What_a_page_holds_of_one_visitor_is_told_to_no_other(string folder, string fields, string element)
    {
        site.Origin.Files(new[] { "all.css", "a.css", "b.css", "m.css", "a.js", "h.jpg", "f.woff2" }.Select(name => $"/{folder}/{name}"));
        site.Origin.On($"/{folder}/", r =>
        {
            // Without a digit after it, so that no visitor's name begins another's.
            var own = Own(Interlocked.Increment(ref _visitors));
            if (fields.StartsWith("ETag: \"1\"", StringComparison.Ordinal) && r.Head.Value("If-None-Match") is not null)
            {
                return r.WriteAsync("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n");
            }

            return r.WriteAsync(RawRequest.Response(
                "200 OK",
                "Content-Type: text/html\n" + string.Format(CultureInfo.InvariantCulture, fields, folder, own),
                ScriptedSite.Html(string.Format(CultureInfo.InvariantCulture, Common + element, folder, own))));
        });

        // A policy that differs keeps all of it out of a 103, because a browser would not check the hints against it.
        var early = "";
        var isPolicy = folder.StartsWith("policy", StringComparison.Ordinal);
        for (var views = 0; views < 10 || !early.Contains($"/{folder}/all.css", StringComparison.Ordinal); views++)
        {
            Assert.True(views < 100, $"What all are sent was never told early; at last: {early}.\n{site.Proxy.Log}");
            string[] channel = views % 2 == 0 ? [] : ["--no-push"];
            channel = views % 3 == 2 ? [.. channel, "if-none-match: \"1\""] : channel;
            var seen = await Nghttp.RunAsync(site.Url($"/{folder}/"), ["accept: text/html", .. channel]);
            Assert.Equal("complete", seen.PageEnd);
            var mine = Own(_visitors);
            Assert.DoesNotContain(OwnName().Matches(seen.Text).Select(m => m.Value), name => name != mine);
            early = string.Join(", ", seen.Promised.Concat(seen.Hints.SelectMany(h => h.Preloads)));
            Assert.False(isPolicy && seen.Hints.Count > 0, "A 103 told a policy that nobody else was sent.");
        }
    }

    [Theory]
    [InlineData("same-policy", "Content-Security-Policy: default-src *; report-uri /csp")]
    [InlineData("same-policy-etag", "ETag: \"1\"\nContent-Security-Policy: default-src *; report-uri /csp")]
    public async Task A_policy_that_all_visitors_are_sent_goes_with_the_103(string folder, string fields)
    {
        site.Origin.Files($"/{folder}/all.css");
        site.Origin.On($"/{folder}/", "200 OK", "Content-Type: text/html\n" + fields, ScriptedSite.Html(EarlySite.Elements($"/{folder}/all.css")));
        IReadOnlyList<Http2Frame> hints = [];
        await Eventually.TrueAsync(
            async () => (hints = (await Nghttp.RunAsync(site.Url($"/{folder}/"), "accept: text/html", "--no-push")).Hints).Count > 0,
            () => $"No 103 was sent.\n{site.Proxy.Log}");
        Assert.Equal("default-src *; report-uri /csp", Assert.Single(hints)["content-security-policy"]);
    }

    [Fact]
    public async Task A_visitor_who_comes_back_through_a_balancer_is_one()
    {
        site.Origin.Files("/behind/all.css");
        site.Origin.On("/behind/", "200 OK", "Content-Type: text/html", ScriptedSite.Html(EarlySite.Elements("/behind/all.css")));

        // Each request over another connection of the balancer, and from another port of the visitor.
        for (var i = 0; i < 6; i++)
        {
            Assert.Empty((await ViewAsync($"x-forwarded-for: 203.0.113.7:{40000 + i}, 198.51.100.{i}")).Hints);
            Assert.Empty((await ViewAsync($"forwarded: for=\"203.0.113.7:{40000 + i}\";by=198.51.100.{i}")).Hints);
        }

        IReadOnlyList<Http2Frame> hints = [];
        var others = 0;
        await Eventually.TrueAsync(
            async () => (hints = (await ViewAsync($"x-forwarded-for: 203.0.113.{100 + ++others}")).Hints).Count > 0,
            () => $"What several visitors were sent was never told.\n{site.Proxy.Log}");
        Assert.Equal(["/behind/all.css"], hints.Single().Preloads);

        Task<Http2Trace> ViewAsync(string field) => Nghttp.RunAsync(site.Url("/behind/"), "accept: text/html", "--no-push", field);
    }

    [Fact]
    public async Task A_field_that_only_some_answers_vary_by_does_not_start_the_page_anew()
    {
        site.Origin.Files("/varies/a.css");
        site.Origin.On("/varies/", r => r.WriteAsync(RawRequest.Response(
            "200 OK",
            "Content-Type: text/html" + (r.Head.Value("Origin") is null ? "" : "\nVary: Origin"),
            ScriptedSite.Html(EarlySite.Elements("/varies/a.css")))));
        await site.LearnAsync("/varies/");

        // Once, another field is known to matter. From then on it changes nothing.
        await ViewAsync("origin: https://other.test");
        await site.LearnAsync("/varies/");
        for (var i = 0; i < 3; i++)
        {
            await ViewAsync($"origin: https://other{i}.test");
            Assert.Equal(["/varies/a.css"], Assert.Single((await ViewAsync("x-unrelated: 1")).Hints).Preloads);
        }

        Task<Http2Trace> ViewAsync(string field) => Nghttp.RunAsync(site.Url("/varies/"), "accept: text/html", "--no-push", field);
    }

    [Fact]
    public async Task Two_policies_that_take_turns_are_told_both()
    {
        site.Origin.Files("/turns/all.css");
        var views = 0;
        site.Origin.On("/turns/", r =>
        {
            var version = Interlocked.Increment(ref views) % 2;
            return r.WriteAsync(RawRequest.Response(
                "200 OK",
                $"Content-Type: text/html\nContent-Security-Policy: default-src *; report-uri /csp?{version}",
                ScriptedSite.Html(EarlySite.Elements("/turns/all.css"))));
        });
        var early = 0;
        for (var i = 0; i < 24; i++)
        {
            early += (await Nghttp.RunAsync(site.Url("/turns/"), "accept: text/html", "--no-push")).Hints.Count;
        }

        // At first each is new to two visitors, and what an answer says is learned beside it.
        Assert.True(early >= 10, $"{early} of 24 visitors were sent a 103.\n{site.Proxy.Log}");
    }

    private static string Own(int visitor) => $"visitor{visitor}of0c1f22e9d0";

    [GeneratedRegex("visitor[0-9]+of0c1f22e9d0")]
    private static partial Regex OwnName();
}
