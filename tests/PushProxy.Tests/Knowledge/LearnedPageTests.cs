using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class LearnedPageTests
{
    private static readonly CriticalResource Sheet = Some.Style("/a.css");

    public static TheoryData<CriticalResource> OfOnesOwn =>
    [
        Sheet with { Integrity = "sha256-own" },
        Sheet with { Media = "own" },
        Sheet with { ImageSrcSet = "https://site.test/own.jpg 2x" },
        Sheet with { ImageSizes = "11px" },
        Sheet with { Type = "text/own" },
        Sheet with { ReferrerPolicy = "origin" },
        Sheet with { CrossOrigin = CrossOriginMode.Anonymous },
        Sheet with { Kind = ResourceKind.Script },
        Some.Style("/a.css?own"),
    ];

    [Theory]
    [MemberData(nameof(OfOnesOwn), DisableDiscoveryEnumeration = true)]
    public void A_name_with_something_of_ones_own_is_another_name(CriticalResource own) =>
        Assert.NotEqual(NameKey.Of(Sheet), NameKey.Of(own));

    [Fact]
    public void Where_a_name_was_found_and_what_it_is_worth_is_told_to_nobody() =>
        Assert.Equal(NameKey.Of(Sheet), NameKey.Of(Sheet with { Worth = 7, Blocking = false, FoundBy = FoundBy.Preload, ShowsFallback = true }));

    [Fact]
    public void Origins_wait_for_a_second_connection_as_resources_do()
    {
        var own = new PreconnectOrigin("https://own.test", CrossOriginMode.None);
        var page = Counted(new PageAnalysis([Sheet], []) { Preconnects = [own] }, null);
        Assert.False(page.IsConfirmed);
        Assert.False(page.IsTold(NameKey.Of(own)));
        Assert.False(page.NameBy(1));
        Assert.True(page.NameBy(2));
        Assert.True(page.IsTold(NameKey.Of(own)));
        Assert.True(page.IsConfirmed);
    }

    [Fact]
    public void What_was_seen_to_be_steady_is_looked_at_again_after_a_miss()
    {
        var page = new LearnedPage(new PageAnalysis([Sheet], []), null) { Steadiness = new Steadiness() };
        Assert.True(page.IsToldWhole);

        // As pages that several clients share: the miss is noted where other objects for the page note theirs.
        page.Steadiness.Went([NameKey.Of(Sheet)]);
        Assert.False(page.IsToldWhole);
        Assert.False(page.IsTold(NameKey.Of(Sheet)));
    }

    [Fact]
    public void Nothing_waits_for_what_is_left_out()
    {
        var skipped = new SkippedResource("https://site.test/own.js", AnalysisSkip.AsyncScript);
        var page = Counted(new PageAnalysis([], [skipped]), null);
        Assert.True(page.IsConfirmed);
        Assert.Empty(page.Told.Skipped);
        page.NameBy(2);
        Assert.Equal([skipped], page.Told.Skipped);
    }

    [Fact]
    public void A_policy_decides_at_once_and_is_told_after_a_second_connection()
    {
        var page = Counted(Some.Page(Sheet), "script-src 'none'");
        Assert.False(page.Security!.MayBeTold);
        Assert.False(page.Security.Allows(Some.Script("/b.js")));
        Assert.Equal((true, false), Update(page, "script-src 'none'", 1));
        Assert.Equal((true, true), Update(page, "script-src 'none'", 2));
        Assert.True(page.Security.MayBeTold);
        Assert.Equal((true, false), Update(page, "script-src 'none'", 3));
    }

    [Fact]
    public void One_visitors_policy_does_not_replace_one_that_is_told()
    {
        var page = Counted(Some.Page(Sheet), "script-src 'none'");
        Update(page, "script-src 'none'", 2);
        for (var connection = 4ul; connection < 10; connection++)
        {
            // One after another visitor, over a connection of its own each time.
            Assert.Equal((false, false), Update(page, connection % 2 == 0 ? "report-uri /own" : null, connection));
            Assert.Equal((true, false), Update(page, "script-src 'none'", 3));
            Assert.Equal("script-src 'none'", Assert.Single(page.Security!.HeaderPolicies));
        }

        Assert.Equal((false, false), Update(page, "report-uri /own", 20));
        Assert.Equal((false, false), Update(page, "report-uri /own", 20));
        Assert.Equal((true, true), Update(page, "report-uri /own", 21));
        Assert.Equal("report-uri /own", Assert.Single(page.Security!.HeaderPolicies));
        Assert.Equal((false, false), Update(page, null, 22));
        Assert.Equal((true, true), Update(page, null, 23));
        Assert.Null(page.Security);
    }

    private static (bool IsSame, bool IsTold) Update(LearnedPage page, string? policy, ulong connection) =>
        (page.Update(policy, connection, out var isTold), isTold);

    private static LearnedPage Counted(PageAnalysis analysis, string? policy)
    {
        var page = new LearnedPage(analysis, policy is null ? null : ContentSecurityPolicy.Of(policy, []));
        var witnesses = new Dictionary<UInt128, NameWitnesses>();
        page.CountNames(2, Of, Of, connection: 1);
        return page;

        NameWitnesses Of(UInt128 name) =>
            witnesses.TryGetValue(name, out var known) ? known : witnesses[name] = new NameWitnesses(2);
    }
}
