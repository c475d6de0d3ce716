namespace PushProxy.Analysis.Tests.Rules;

public class OriginTests
{
    [Fact]
    public void Origins_of_what_would_be_critical_are_named_once_for_each_kind_of_connection()
    {
        var analysis = Page.Analyze(
            "<link rel=stylesheet href=//cdn.test/a.css><link rel=stylesheet href=//cdn.test:444/b.css crossorigin><script src=//cdn.test/c.js></script>"
            + "<script src=//cdn.test/d.js crossorigin></script><script src=//cdn.test/e.js crossorigin=use-credentials></script>");
        Assert.Equal(
            [
                new("https://cdn.test", CrossOriginMode.None),
                new("https://cdn.test:444", CrossOriginMode.Anonymous),
                new("https://cdn.test", CrossOriginMode.Anonymous),
            ],
            analysis.Preconnects);
    }

    [Fact]
    public void Origins_of_what_would_not_be_critical_are_not() =>
        Assert.Empty(Page.Analyze("<script src=//a.test/a.js async></script><link rel=stylesheet href=//b.test/b.css media=print><body><script src=//c.test></script>").Preconnects);

    [Fact]
    public void There_are_no_more_than_the_limit() =>
        Assert.Equal(2, Page.Analyze(string.Concat(Enumerable.Range(0, 9).Select(i => $"<script src=//{i}.test/></script>")), options: new() { MaxPreconnects = 2 }).Preconnects.Count);

    [Fact]
    public void Policies_in_the_head_are_returned() =>
        Assert.Equal(
            ["default-src 'self'", "img-src *"],
            Page.Analyze(
                "<meta http-equiv=content-security-policy content=\"default-src 'self'\"><meta http-equiv=Content-Security-Policy content='img-src *'>"
                + "<meta http-equiv=refresh content=1><meta http-equiv=content-security-policy><body><meta http-equiv=content-security-policy content='x'>").MetaPolicies);

    [Fact]
    public void Policies_are_bounded_in_number_and_length()
    {
        var policy = $"<meta http-equiv=content-security-policy content='{new string('x', 8192)}'>";
        Assert.Single(Page.Analyze(policy + policy, options: new() { MaxPolicies = 1 }).MetaPolicies);
        Assert.Empty(Page.Analyze(policy.Replace("'>", "x'>", StringComparison.Ordinal)).MetaPolicies);
    }

    [Theory]
    [InlineData("<meta http-equiv=content-security-policy content='img-src *; Upgrade-Insecure-Requests'>", false)]
    [InlineData("", true)]
    public async Task Where_the_page_upgrades_http_urls_those_of_its_own_host_are_its_own(string meta, bool byHeader)
    {
        var site = new Site(("/a.css", "@import 'http://site.test/b.css'; @import 'http://other.test/c.css';"), ("/b.css", "p {}"));
        var analysis = await site.AnalyzeAsync(
            meta + "<link rel=stylesheet href=http://site.test/a.css><script src=http://cdn.test/x.js></script>", fields: new() { UpgradesInsecure = byHeader });

        Assert.Equal(["https://site.test/a.css", "https://site.test/b.css"], analysis.Resources.Select(r => r.Url.AbsoluteUri));
        Assert.Contains("https://cdn.test", analysis.Preconnects.Select(p => p.Origin));
    }

    [Fact]
    public void Otherwise_a_secure_page_loads_nothing_from_there_and_connects_to_nothing()
    {
        var analysis = Page.Analyze("<link rel=stylesheet href=http://site.test/a.css><script src=http://cdn.test/x.js></script><script src=//cdn2.test/x.js></script>");
        Assert.Empty(analysis.Resources);
        Assert.Equal(["https://cdn2.test"], analysis.Preconnects.Select(p => p.Origin));
    }

    [Theory]
    [InlineData("<meta name=referrer content=no-referrer>", "no-referrer")]
    [InlineData("<META NAME=Referrer CONTENT=Never>", "no-referrer")]
    [InlineData("<meta name=referrer content=origin><meta name=referrer content=nonsense>", "origin")]
    [InlineData("<meta name=referrer content=origin><meta name=referrer content=same-origin>", "same-origin")]
    [InlineData("<meta name=referrer>", null)]
    [InlineData("", null)]
    public void The_referrer_policy_of_a_page_is_the_last_one_that_it_states(string html, string? policy) =>
        Assert.Equal(policy, Page.Analyze(html + "<script src=a.js></script>").ReferrerPolicy);
}
