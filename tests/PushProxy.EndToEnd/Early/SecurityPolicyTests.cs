using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// The page's Content-Security-Policy holds for what comes before the page, too (CSP Level 3; HTML §4.2.4.4, "early hints").
/// </summary>
public sealed class SecurityPolicyTests(EarlySite site) : IClassFixture<EarlySite>
{
    private const string Policy = "Content-Security-Policy";

    [Fact]
    public async Task The_policy_goes_with_the_hints_and_without_its_nonces()
    {
        site.Origin.Files("/policy/a.css", "/policy/b.js");
        site.Origin.Page(
            "/policy/",
            EarlySite.Elements("/policy/a.css", "/policy/b.js"),
            $"{Policy}: default-src 'self'; script-src 'self' 'nonce-c2VjcmV0'\n{Policy}: frame-ancestors 'none'");
        await site.LearnAsync("/policy/");
        var seen = await HintedAsync("/policy/");
        Assert.Equal(
            ["default-src 'self'; script-src 'self'", "frame-ancestors 'none'"],
            seen.Hints.Single().Fields.Where(f => f.Name == "content-security-policy").Select(f => f.Value));
        Assert.Equal(["/policy/a.css", "/policy/b.js"], seen.Hints.Single().Preloads);
        Assert.Equal(
            ["default-src 'self'; script-src 'self' 'nonce-c2VjcmV0'", "frame-ancestors 'none'"],
            seen.Page!.Fields.Where(f => f.Name == "content-security-policy").Select(f => f.Value));
    }

    [Fact]
    public async Task Http_urls_of_the_pages_own_host_are_its_own_if_the_policy_upgrades_them()
    {
        var own = site.Proxy.Secure.AbsoluteUri.Replace("https:", "http:", StringComparison.Ordinal) + "upgraded/a.css";
        site.Origin.Files("/upgraded/a.css");
        site.Origin.Page("/upgraded/", $"<link rel=stylesheet href={own}>", $"{Policy}: upgrade-insecure-requests");
        await site.LearnAsync("/upgraded/");
        Assert.Equal(["/upgraded/a.css"], (await HintedAsync("/upgraded/")).Hints.Single().Preloads);

        site.Origin.Page("/not-upgraded/", $"<link rel=stylesheet href={own}><script src=http://cdn.test/b.js></script>");
        await site.LearnAsync("/not-upgraded/");
        var seen = await HintedAsync("/not-upgraded/");
        Assert.Empty(seen.Hints);
        Assert.Empty(seen.Page!.Links);
    }

    [Fact]
    public async Task Under_a_sandbox_that_makes_the_page_of_no_origin_nothing_is_told()
    {
        // Every preload would be asked for again (the page's requests have the origin "null").
        site.Origin.Files("/sandbox/a.css", "/same-origin/a.css");
        site.Origin.Page("/sandbox/", EarlySite.Elements("/sandbox/a.css"), $"{Policy}: sandbox allow-scripts");
        site.Origin.Page("/same-origin/", EarlySite.Elements("/same-origin/a.css"), $"{Policy}: sandbox allow-scripts allow-same-origin");
        await site.LearnAsync("/same-origin/");
        Assert.Equal(["/same-origin/a.css"], (await HintedAsync("/same-origin/")).Hints.Single().Preloads);
        for (var i = 0; i < 4; i++)
        {
            var hinted = await HintedAsync("/sandbox/");
            Assert.Empty(hinted.Hints);
            Assert.Empty(hinted.Page!.Preloads);
            Assert.Empty((await Nghttp.RunAsync(site.Url("/sandbox/"), "accept: text/html")).Promised);
            await site.UntilReadAsync();
        }
    }

    [Fact]
    public async Task Nobody_is_told_to_connect_to_where_the_program_forwards_to()
    {
        var page = new Uri(site.Proxy.Cleartext, "/internal/");
        site.Origin.Page("/internal/", $"<script src={site.Origin.Url}a.js></script><script src=http://cdn.test/b.js></script>");
        IEnumerable<string> links = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var head = (await Curl.HeadsAsync(page, "--http1.1", "Accept: text/html"))[^1];
                links = head.Values("Link");
                return head.Value("PushProxy-Decision")!.StartsWith("learned", StringComparison.Ordinal);
            },
            () => "The page was never learned.");
        Assert.Contains("http://cdn.test", Assert.Single(links), StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", links.Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none", "script-src 'none'")]
    [InlineData("other-host", "script-src https://cdn.test")]
    [InlineData("default", "default-src 'none'; style-src 'self'")]
    [InlineData("nonce", "script-src 'nonce-c2VjcmV0'")]
    [InlineData("strict-dynamic", "script-src 'self' 'strict-dynamic' 'nonce-c2VjcmV0'")]
    [InlineData("other-path", "script-src https://127.0.0.1:*/allowed/")]
    public async Task What_it_would_block_is_told_by_no_channel(string folder, string policy)
    {
        var (style, script) = ($"/{folder}/a.css", $"/{folder}/b.js");
        site.Origin.Files(style, script);
        site.Origin.Page($"/{folder}/", EarlySite.Elements(style, script), $"{Policy}: {policy}");
        await site.LearnAsync($"/{folder}/");
        await AssertToldAsync($"/{folder}/", style);
        var seen = await HintedAsync($"/{folder}/");
        Assert.Contains($"\"{script}\";as=script;found=head-script;skip=blocked-by-policy", seen.Page!.Decision, StringComparison.Ordinal);
        Assert.DoesNotContain("nonce", seen.Hints.Single()["content-security-policy"], StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("self", "script-src 'self'; style-src 'self'")]
    [InlineData("scheme", "default-src https:")]
    [InlineData("host", "default-src https://127.0.0.1:*")]
    [InlineData("elem", "script-src 'none'; script-src-elem 'self'")]
    public async Task What_it_allows_is_told(string folder, string policy)
    {
        var (style, script) = ($"/allowed/{folder}/a.css", $"/allowed/{folder}/b.js");
        site.Origin.Files(style, script);
        site.Origin.Page($"/allowed/{folder}/", EarlySite.Elements(style, script), $"{Policy}: {policy}");
        await site.LearnAsync($"/allowed/{folder}/");
        await AssertToldAsync($"/allowed/{folder}/", style, script);
    }

    [Fact]
    public async Task A_policy_within_the_page_counts_and_is_no_part_of_the_103()
    {
        site.Origin.Files("/meta/a.css", "/meta/b.js");
        site.Origin.Page(
            "/meta/", $"<meta http-equiv={Policy} content=\"script-src 'none'\">" + EarlySite.Elements("/meta/a.css", "/meta/b.js"));
        await site.LearnAsync("/meta/");
        await AssertToldAsync("/meta/", "/meta/a.css");
        Assert.Null((await HintedAsync("/meta/")).Hints.Single()["content-security-policy"]);
    }

    [Fact]
    public async Task A_policy_that_gets_stricter_counts_once_two_were_sent_it()
    {
        site.Origin.Files("/stricter/a.css", "/stricter/b.js");
        site.Origin.Page("/stricter/", EarlySite.Elements("/stricter/a.css", "/stricter/b.js"));
        await site.LearnAsync("/stricter/");
        site.Origin.Page("/stricter/", EarlySite.Elements("/stricter/a.css", "/stricter/b.js"), $"{Policy}: script-src 'none'");

        // The page itself names at once what it allows. A 103 follows when a second connection was sent the policy.
        Assert.Equal(["/stricter/a.css"], (await site.GetAsync("/stricter/")).Preloads);
        var second = await HintedAsync("/stricter/");
        Assert.Null(second.Hints.Single()["content-security-policy"]);
        Assert.Equal(["/stricter/a.css"], second.Page!.Preloads);
        await AssertToldAsync("/stricter/", "/stricter/a.css");
        Assert.Equal("script-src 'none'", (await HintedAsync("/stricter/")).Hints.Single()["content-security-policy"]);
    }

    [Fact]
    public async Task A_script_that_needs_a_nonce_is_not_told()
    {
        site.Origin.Files("/nonce-element/a.css", "/nonce-element/b.js");
        site.Origin.Page(
            "/nonce-element/", EarlySite.Elements("/nonce-element/a.css") + "<script nonce=c2VjcmV0 src=/nonce-element/b.js></script>");
        await site.LearnAsync("/nonce-element/");
        await AssertToldAsync("/nonce-element/", "/nonce-element/a.css");
        Assert.Contains("skip=nonce", (await HintedAsync("/nonce-element/")).Page!.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_other_origins_only_a_connection_is_hinted()
    {
        site.Origin.Files("/origins/a.css");
        site.Origin.Page(
            "/origins/",
            EarlySite.Elements(
                "/origins/a.css") + "<link rel=stylesheet href=https://cdn.test/x.css><script src=https://static.test/y.js "
                    + "crossorigin></script>");
        await site.LearnAsync("/origins/");

        var hinted = await HintedAsync("/origins/");
        foreach (var response in new[] { hinted.Hints.Single(), hinted.Page! })
        {
            Assert.Equal(["/origins/a.css"], response.Preloads);
            Assert.Equal(
                ["https://cdn.test; rel=preconnect", "https://static.test; rel=preconnect; crossorigin="],
                response.Links.Where(l => !l.IsPreload).Select(
                    l => l.ToString().Replace("<", "", StringComparison.Ordinal).Replace(">", "", StringComparison.Ordinal)).Order());
        }

        var pushed = await Nghttp.RunAsync(site.Url("/origins/"), "accept: text/html");
        Assert.Equal(["/origins/a.css"], pushed.Promised);
        Assert.DoesNotContain(pushed.Page!.Links, l => l.IsPreload);
        Assert.Equal(2, pushed.Page.Links.Count);
    }

    private Task<Http2Trace> HintedAsync(string page) => Nghttp.RunAsync(site.Url(page), "--no-push", "accept: text/html");

    private async Task AssertToldAsync(string page, params string[] resources)
    {
        var hinted = await HintedAsync(page);
        Assert.Equal(resources, hinted.Hints.Single().Preloads);
        Assert.Equal(resources, hinted.Page!.Preloads);
        var pushed = await Nghttp.RunAsync(site.Url(page), "accept: text/html");
        Assert.Equal(resources, pushed.Promised);
        Assert.Empty(pushed.Page!.Preloads);
    }
}
