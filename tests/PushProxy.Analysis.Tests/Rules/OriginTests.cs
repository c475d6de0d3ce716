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
}
