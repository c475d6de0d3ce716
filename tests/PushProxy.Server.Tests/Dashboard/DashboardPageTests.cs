using PushProxy.Inspection;
using PushProxy.Load.Dashboard;
using PushProxy.Server.Dashboard;
using PushProxy.Server.Dashboard.Figures;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>What the page says of what there is: whatever a site has put into names, it is text.</summary>
public class DashboardPageTests
{
    private const string Evil = "</title></script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&amp;";

    private static readonly DashboardData Nothing = new() { Now = DateTimeOffset.UnixEpoch, Since = DateTimeOffset.UnixEpoch, HoldOut = 5 };

    [Fact]
    public void Hostile_names_are_text_everywhere()
    {
        var resource = new SurveyedResource(Evil, Evil, Evil, SurveyedWay.None, Evil);
        var page = new KnownPage(Evil, Evil, "/" + Evil, 12, 1, 1, []) { WrongNames = 1 };
        var surveyed = new SurveyedPage(page, [resource]);
        var evil = Nothing with
        {
            Instance = Evil,
            Version = Evil,
            Proof = [.. SampleProof.Of(ProofVerdict.Gain).Select(static g => g with
            {
                Kind = g.Kind == "all" ? g.Kind : Evil, Name = Evil, Measures = [.. g.Measures.Select(static m => m with { Measure = Evil })],
            })],
            Counted = new Counted(new Dictionary<string, IReadOnlyList<Sum>>
            {
                ["pushproxy.errors"] = [new(Evil, Evil, 1)],
                ["pushproxy.resources.skipped"] = [new(Evil, Evil, 1)],
                ["pushproxy.saved"] = [new(Evil, Evil, 1)],
                ["pushproxy.early_hints"] = [new(Evil, Evil, 1)],
                ["pushproxy.learning.fetches"] = [new(Evil, Evil, 1)],
            }),
            Pages = new PageSurvey(1, [surveyed], [surveyed], [page], [1, 0, 0, 0, 0, 0, 0]),
            Shells = [new(Evil, Evil, Evil, Evil, 1, Evil, 1, 1) { Limit = Evil, LastFault = Evil, Proven = 1, Sent = 1 }],
            Routes = [new(Evil, 1, 1, 1, 1)],
            Origins = [new(Evil, 0, 1)],
            Sharing = new(false, 1),
        };
        var found = new PageSearch(1, [surveyed], [new FoundResource(Evil, new(Evil, 1, 1, 1, Evil), 1, [(page, resource)])]);
        var plain = DashboardPage.Whole(Nothing);

        foreach (var html in new[] { DashboardPage.Whole(evil, Evil, found), DashboardPage.Live(evil) })
        {
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("alert(1)>", html, StringComparison.Ordinal);
            Assert.DoesNotContain("\"'>", html, StringComparison.Ordinal);
            Assert.Contains("&lt;script&gt;alert(1)", html, StringComparison.Ordinal);
        }

        // The page's own script and style are all there is.
        var whole = DashboardPage.Whole(evil, Evil, found);
        Assert.Equal(Count(plain, "<script"), Count(whole, "<script"));
        Assert.Equal(Count(plain, "<style"), Count(whole, "<style"));
        Assert.DoesNotContain(" style=", whole, StringComparison.Ordinal);
        Assert.DoesNotContain(" onerror=\"", whole, StringComparison.Ordinal);
    }

    [Fact]
    public void A_page_about_nothing_says_so_in_each_section()
    {
        var html = DashboardPage.Whole(Nothing with { Pages = PageSurvey.Empty });
        foreach (var said in new[]
        {
            "Not yet decided: no page view has been measured.", "No page has been left alone yet.", "No page is known yet.",
            "No shell is known yet", "How long it thinks is not known yet.", "0 errors", "It shares nothing with other instances",
        })
        {
            Assert.Contains(said, html, StringComparison.Ordinal);
        }

        Assert.DoesNotContain("NaN", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<svg viewBox=\"0 0 560", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ProofVerdict.Gain, "gain")]
    [InlineData(ProofVerdict.Harm, "harm")]
    [InlineData(ProofVerdict.NoDifference, "same")]
    [InlineData(ProofVerdict.NotYetDecided, "open")]
    public void Both_arms_are_drawn_and_told_in_a_table_and_told_apart_without_colour(ProofVerdict verdict, string mark)
    {
        var html = DashboardPage.Whole(Nothing with { Proof = SampleProof.Of(verdict) });
        Assert.Contains($"<section id=\"verdict\" class=\"verdict {mark}\"", html, StringComparison.Ordinal);
        Assert.Contains(">with PushProxy</text>", html, StringComparison.Ordinal);
        Assert.Contains(">without</text>", html, StringComparison.Ordinal);
        Assert.Equal(10, Count(html, "<circle"));
        Assert.Contains("50 % within</th><td class=\"n\">", html, StringComparison.Ordinal);
        Assert.Contains("stroke-dasharray", html, StringComparison.Ordinal);

        // What one group loses is not hidden by what all gain.
        Assert.Contains("<span class=\"mark harm\">LATER</span>", html, StringComparison.Ordinal);
        Assert.Contains("/search", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Distributions_that_are_not_whole_are_left_out()
    {
        var half = SampleProof.Of(ProofVerdict.Gain)[0];
        half = half with { Measures = [half.Measures[0] with { HeldOut = new(3, 1, null, null, []), Median = null, UpperQuartile = null }] };
        var html = DashboardPage.Whole(Nothing with { Proof = [half] });
        Assert.DoesNotContain("<svg viewBox=\"0 0 560", html, StringComparison.Ordinal);
        Assert.Contains("<td class=\"n wide\">–</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Sums_are_named_and_added_up()
    {
        var html = DashboardPage.Whole(Nothing with
        {
            Counted = new Counted(new Dictionary<string, IReadOnlyList<Sum>>
            {
                ["pushproxy.resources.sent"] = [new("push", "", 1200), new("early-hints", "", 34), new("link", "", 5)],
                ["pushproxy.pushes"] = [new("delivered", "", 900), new("refused", "", 60), new("cancelled", "", 40)],
                ["pushproxy.pushes.bytes"] = [new("delivered", "", 9_000_000), new("cancelled", "", 1_000_000)],
                ["pushproxy.wasted"] = [new("", "", 1_500_000)],
                ["pushproxy.resources.skipped"] = [new("missing", "", 7)],
                ["pushproxy.errors"] = [new("analysis", "", 2)],
            }),
            Sharing = new(true, 0),
        });
        Assert.Contains("<p class=\"figure\">1,239</p>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>refused or cancelled by browsers</dt><dd>100</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>taken, and not asked for again</dt><dd>7.5 MB (75 %)</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>wasted</dt><dd>1.5 MB (15 %)</dd>", html, StringComparison.Ordinal);
        Assert.Contains("<code>missing</code> <span class=\"meaning\">The origin&#x27;s last answer was not the resource.", html, StringComparison.Ordinal);
        Assert.Contains("2 errors", html, StringComparison.Ordinal);
        Assert.Contains(">connected</span>", html, StringComparison.Ordinal);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
