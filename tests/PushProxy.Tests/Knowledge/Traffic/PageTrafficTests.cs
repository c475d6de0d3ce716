using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Traffic;

/// <summary>What is counted of one page's views, and what that says.</summary>
public class PageTrafficTests
{
    private const string Late = "/late.css";
    private static readonly CriticalResource Hero = Some.Style("/hero.jpg") with { Kind = ResourceKind.Image, Blocking = false, FoundBy = FoundBy.HeroImage };
    private static ulong _networks;

    private static readonly LearningOptions EachSecond = new() { HoldOutEvery = 2 };

    [Theory]
    [InlineData(80, 100, true)]
    [InlineData(79, 100, false)]
    [InlineData(8, 8, true)]
    [InlineData(7, 7, false)]
    public void What_is_asked_for_after_four_of_five_views_joins(int asked, int views, bool joins)
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions { TrafficViews = views >= 100 ? 100 : 8 });
        for (var i = 0; i < views; i++)
        {
            View(traffic, i < asked ? ["/a.css", Late] : ["/a.css"]);
        }

        Assert.Equal(joins ? [Late] : [], traffic.Judge().Joined.Select(r => r.Url.PathAndQuery));
    }

    [Theory]
    [InlineData(1, 5, true)]
    [InlineData(2, 9, false)]
    [InlineData(0, 4, false)]
    public void What_one_of_five_views_asks_for_by_itself_leaves(int asked, int heldOut, bool leaves)
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), EachSecond with { TrafficViews = heldOut < 5 ? 5 : heldOut, TrafficAddresses = 5 });
        for (var i = 0; i < heldOut; i++)
        {
            // Delivered, it says nothing: neither here that it is not asked for.
            View(traffic, ["/a.css"]);
            View(traffic, i < asked ? ["/a.css", "/hero.jpg"] : ["/a.css"]);
        }

        Assert.Equal(leaves ? ["/hero.jpg"] : [], traffic.Judge().Unused);
    }

    [Fact]
    public void What_one_network_alone_does_not_ask_for_does_not_leave()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), EachSecond);
        Repeat(200, () => View(traffic, ["/a.css"], network: 7));
        Assert.Empty(traffic.Judge().Unused);
    }

    [Fact]
    public void What_left_comes_back_when_it_is_asked_for()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), EachSecond);
        Repeat(16, () => View(traffic, ["/a.css"]));
        Assert.NotEmpty(traffic.Judge().Unused);
        Repeat(3, () => View(traffic, ["/a.css", "/hero.jpg"]));
        Assert.Empty(traffic.Judge().Unused);
    }

    [Fact]
    public void What_joined_leaves_when_nobody_asks_for_it_by_himself()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), EachSecond);
        Repeat(8, () => View(traffic, ["/a.css", Late]));
        Assert.Single(traffic.Judge().Joined);
        Repeat(16, () => View(traffic, ["/a.css"]));
        Assert.Empty(traffic.Judge().Joined);
    }

    [Fact]
    public void One_view_of_sixteen_is_held_out_and_nothing_that_the_display_waits_for()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), new LearningOptions());
        var heldOut = Enumerable.Range(0, 160).Select(_ => View(traffic, ["/a.css", "/hero.jpg"])).ToList();
        Assert.Equal(10, heldOut.Count(h => h == "/hero.jpg"));
        Assert.Equal(150, heldOut.Count(h => h is null));
        Assert.Equal("/hero.jpg", heldOut[15]);
    }

    [Fact]
    public void A_view_that_was_not_the_page_as_everyone_gets_it_counts_nothing()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions());
        Repeat(20, () => View(traffic, ["/a.css", Late], isConfirmed: false));
        Assert.Equal(0, traffic.Count);
    }

    [Fact]
    public void Nor_does_one_by_a_client_that_did_not_need_the_stylesheet()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), EachSecond);
        Repeat(40, () => View(traffic, [Late]));
        Assert.Equal(1, traffic.Count);
        Assert.Empty(traffic.Judge().Unused);
    }

    [Fact]
    public void What_a_client_with_cookies_asks_for_adds_nothing()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions());
        Repeat(20, () => View(traffic, ["/a.css", Late], mayJoin: false));
        Assert.Equal(0, traffic.Count);
    }

    [Fact]
    public void Only_the_first_requests_of_a_view_and_only_so_many_of_a_page_are_counted()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions());
        View(traffic, ["/a.css", .. Enumerable.Range(0, 40).Select(i => $"/{i}.css")]);
        Assert.Equal(TrafficView.MaxRequests - 1, traffic.Count);
        View(traffic, ["/a.css", .. Enumerable.Range(100, 15).Select(i => $"/{i}.css")]);
        View(traffic, ["/a.css", .. Enumerable.Range(200, 15).Select(i => $"/{i}.css")]);
        Assert.Equal(PageTraffic.MaxCandidates, traffic.Count);

        // What is hopeless makes room.
        Repeat(8, () => View(traffic, ["/a.css"]));
        Assert.Equal(0, traffic.Count);
    }

    [Fact]
    public void As_many_views_are_watched_at_a_time_as_there_is_room_for()
    {
        var traffic = new PageTraffic(PageAnalysis.Empty, new LearningOptions());
        var views = Enumerable.Range(0, PageTraffic.MaxPending).Select(_ => Begin(traffic)!).ToList();
        Assert.Null(Begin(traffic));
        traffic.End(views[0], _ => false);
        Assert.NotNull(Begin(traffic));
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public void What_clients_of_few_networks_ask_for_never_joins_however_often(int networks, bool joins)
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions());
        for (var i = 0; i < 400; i++)
        {
            View(traffic, ["/a.css", Late], network: (ulong)(1 + (i % networks)));
        }

        Assert.Equal(joins ? [Late] : [], traffic.Judge().Joined.Select(r => r.Url.PathAndQuery));
    }

    [Fact]
    public void Networks_that_are_not_known_count_as_one()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css")), new LearningOptions { TrafficAddresses = 2 });
        Repeat(20, () => View(traffic, ["/a.css", Late], network: 0));
        View(traffic, ["/a.css", Late], network: 5);
        Assert.Empty(traffic.Judge().Joined);
        View(traffic, ["/a.css", Late], network: 6);
        Assert.Single(traffic.Judge().Joined);
    }

    [Fact]
    public void What_joined_is_not_for_members()
    {
        var traffic = new PageTraffic(Some.Page(Some.Style("/a.css"), Hero), EachSecond);
        Repeat(60, () => View(traffic, ["/a.css", Late]));
        var verdict = traffic.Judge();
        Assert.Single(verdict.Joined);
        Assert.NotEmpty(verdict.Unused);
        Assert.Empty(verdict.ForMembers.Joined);
        Assert.Equal(verdict.Unused, verdict.ForMembers.Unused);
        Assert.Same(verdict.ForMembers, verdict.ForMembers);
    }

    [Fact]
    public void Old_counts_fade()
    {
        var candidate = new CountedResource(Hero, isFound: true);
        Repeat(CountedResource.DecayAt - 1, () => candidate.Count(asked: true));
        Assert.Equal(CountedResource.DecayAt - 1, candidate.Asked);
        candidate.Count(asked: false);
        Assert.Equal((CountedResource.DecayAt / 2, (CountedResource.DecayAt - 1) / 2), (candidate.Views, candidate.Asked));
    }

    [Theory]
    [InlineData(ResourceKind.Style, AnalysisSkip.InBody, true)]
    [InlineData(ResourceKind.Style, AnalysisSkip.MediaNeverMatches, false)]
    [InlineData(ResourceKind.Style, AnalysisSkip.Nonce, false)]
    [InlineData(ResourceKind.Font, AnalysisSkip.UnusedFont, true)]
    [InlineData(ResourceKind.Script, AnalysisSkip.AsyncScript, false)]
    [InlineData(ResourceKind.Script, AnalysisSkip.DeferredScript, false)]
    [InlineData(ResourceKind.Script, AnalysisSkip.InBody, false)]
    [InlineData(ResourceKind.Script, null, true)]
    [InlineData(ResourceKind.Image, null, false)]
    public void The_analysis_reason_decides_what_may_join(ResourceKind kind, AnalysisSkip? reason, bool may)
    {
        var url = new Uri("https://site.test/x");
        var analysis = new PageAnalysis([], reason is { } r ? [new SkippedResource(url.AbsoluteUri, r)] : []);
        Assert.Equal(may, TrafficScope.MayJoin(analysis, url, kind));
    }

    [Theory]
    [InlineData("https://site.test/p?q=1", true)]
    [InlineData("http://SITE.test/p?q=1", true)]
    [InlineData("https://site.test/p", false)]
    [InlineData("https://site.test/", false)]
    [InlineData("https://evil.test/p?q=1", false)]
    [InlineData("", false)]
    public void The_Referer_must_be_the_page(string referer, bool isNamed) => Assert.Equal(isNamed, Begin(new PageTraffic(PageAnalysis.Empty, new()))!.IsNamedBy(referer));

    // Each view is of another network, unless a test says otherwise.
    private static TrafficView? Begin(PageTraffic traffic, ulong? network = null) => traffic.Begin(
        new PageKey("r", "site.test", "/p"), new LearnedPath([], 1), viewer: null!, ("https", "site.test", "/p?q=1"), DateTimeOffset.UnixEpoch,
        network ?? Interlocked.Increment(ref _networks));

    // One whole view. Returns what was held out.
    private static string? View(PageTraffic traffic, string[] asked, bool isConfirmed = true, bool mayJoin = true, ulong? network = null)
    {
        var view = Begin(traffic, network)!;
        view.IsConfirmed = isConfirmed;
        foreach (var target in asked)
        {
            view.Note(target, ResourceKind.Style, CrossOriginMode.None, mayJoin);
        }

        traffic.End(view, _ => false);
        return view.HeldOut;
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }
}
