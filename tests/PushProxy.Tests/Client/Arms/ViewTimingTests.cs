using PushProxy.Client.Arms;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Proof;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Client.Arms;

public sealed class ViewTimingTests
{
    private const string Site = "site.test";
    private int _completed;

    [Fact]
    public void A_view_ends_when_the_page_and_all_that_blocks_it_have_come()
    {
        var view = View("/a.css", "/b.css");
        view.Began();
        view.Began();
        view.Arrived(view.BlockedBy(Site, "/a.css"), 300);
        view.PageCame(now: 100, arrives: 150);
        Assert.Equal(0, _completed);
        view.Arrived(view.BlockedBy(Site, "/b.css"), 400);
        Assert.Equal(1, _completed);
        Assert.Equal(ViewOutcome.Measured, view.End(out var displayedAt, out _));
        Assert.Equal(400, displayedAt);
    }

    [Fact]
    public void What_was_pushed_before_the_page_holds_nothing_up()
    {
        var view = View("/a.css");
        view.Began();
        view.Arrived(0, 50);
        view.PageCame(now: 100, arrives: 150);
        Assert.Equal(1, _completed);
        Assert.Equal(ViewOutcome.Measured, view.End(out var displayedAt, out _));
        Assert.Equal(150, displayedAt);
        Assert.Equal(100, view.FirstByteAt);
    }

    [Fact]
    public void What_the_client_does_not_request_it_has()
    {
        var view = View("/a.css", "/b.css");
        view.PageCame(now: 100, arrives: 150);
        view.Began();
        view.Arrived(0, 200);
        Assert.Equal(0, _completed);
        Assert.Equal(ViewOutcome.Measured, view.End(out var displayedAt, out _));
        Assert.Equal(200, displayedAt);
    }

    [Fact]
    public void Bytes_are_those_sent_until_the_display()
    {
        var view = View("/a.css", "/b.css");
        view.Began();
        view.Began();
        view.Arrived(1, 300, written: 9000);
        view.Arrived(0, 200, written: 6000);
        view.PageCame(100, 150);
        view.End(out _, out var bytes);
        Assert.Equal(8000, bytes);
        View("/a.css").End(out _, out var unknown);
        Assert.Equal(-1, unknown);
    }

    [Fact]
    public void A_view_without_a_page_is_none()
    {
        Assert.Equal(ViewOutcome.NoPage, View("/a.css").End(out _, out _));
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public void A_response_that_breaks_off_ends_a_view_unless_the_client_only_refused_a_push(bool isFinal, bool isUnfinished)
    {
        var view = View("/a.css");
        view.PageCame(100, 150);
        view.Began();
        view.Broke(isFinal);
        Assert.Equal(isUnfinished ? ViewOutcome.Unfinished : ViewOutcome.Measured, view.End(out _, out _));
    }

    [Fact]
    public void What_is_under_way_at_the_end_is_unfinished()
    {
        var view = View("/a.css");
        view.PageCame(100, 150);
        view.Began();
        Assert.Equal(ViewOutcome.Unfinished, view.End(out _, out _));

        // Too late.
        view.Arrived(0, 200);
        Assert.Equal(0, _completed);
    }

    [Theory]
    [InlineData(Site, "/a.css", 0)]
    [InlineData("SITE.test", "/a.css", 0)]
    [InlineData("other.test", "/a.css", -1)]
    [InlineData(Site, "/a.css?v=2", -1)]
    [InlineData(Site, "/", -1)]
    public void A_resource_is_found_by_host_and_target(string host, string target, int index) =>
        Assert.Equal(index, View("/a.css").BlockedBy(host, target));

    private ViewTiming View(params string[] sheets) => new(
        new ViewGroup(Arm.Delivered, 1, "all", "HTTP/2", "push", IsFirst: true),
        new LearnedPage(Some.Page([.. sheets.Select(static s => Some.Style(s))])), Site, startedAt: 0, before: 1000)
    {
        Completed = _ => _completed++,
    };
}
