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
        Comes(view, 300, "/a.css");
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 250);
        Assert.Equal(0, _completed);
        Comes(view, 400, "/b.css");
        Assert.Equal(1, _completed);
        Assert.Equal(ViewOutcome.Measured, view.Result(out var displayedAt, out _));
        Assert.Equal((400, 100), (displayedAt, view.FirstByteAt));
    }

    [Fact]
    public void What_was_pushed_before_the_page_holds_nothing_up()
    {
        var view = View("/a.css");
        Comes(view, 50, "/a.css");
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 180);
        Assert.Equal(1, _completed);
        Assert.Equal(ViewOutcome.Measured, view.Result(out var displayedAt, out _));
        Assert.Equal(180, displayedAt);
    }

    [Fact]
    public void A_page_that_nothing_blocks_is_displayed_when_it_has_come()
    {
        var view = View();
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 180);
        Assert.Equal(1, _completed);
    }

    [Fact]
    public void What_the_client_does_not_request_it_has()
    {
        var view = View("/a.css", "/b.css");
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 150);
        Comes(view, 200, "/a.css");
        Assert.Equal(0, _completed);
        Assert.True(view.TryEnd());
        Assert.Equal(ViewOutcome.Measured, view.Result(out var displayedAt, out _));
        Assert.Equal(200, displayedAt);
    }

    [Fact]
    public void A_view_ends_once()
    {
        var view = View("/a.css");
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 150);
        Assert.True(view.TryEnd());
        Assert.False(view.TryEnd());

        // Too late.
        Comes(view, 200, "/a.css");
        Assert.Equal(0, _completed);
        view.Result(out var displayedAt, out _);
        Assert.Equal(150, displayedAt);

        var whole = View();
        whole.PageCame(100);
        whole.Arrived(ViewTiming.Page, 150);
        Assert.False(whole.TryEnd());
    }

    [Fact]
    public void Bytes_are_those_sent_until_the_display()
    {
        var view = View("/a.css", "/b.css");
        Comes(view, 300, "/b.css", written: 9000);
        Comes(view, 200, "/a.css", written: 6000);
        view.TryEnd();
        view.Result(out _, out var bytes);
        Assert.Equal(8000, bytes);
        View("/a.css").Result(out _, out var unknown);
        Assert.Equal(-1, unknown);
    }

    [Fact]
    public void A_view_without_a_page_is_none()
    {
        var view = View("/a.css");
        Comes(view, 300, "/a.css");
        Assert.True(view.TryEnd());
        Assert.Equal(ViewOutcome.NoPage, view.Result(out _, out _));
    }

    [Theory]
    [InlineData(true, ViewOutcome.Unfinished)]
    [InlineData(false, ViewOutcome.Measured)]
    public void A_response_that_breaks_off_spoils_a_view_unless_the_client_only_refused_a_push(bool isFinal, object outcome)
    {
        var view = View("/a.css");
        view.PageCame(100);
        view.Began();
        view.Broke(isFinal);
        view.Arrived(ViewTiming.Page, 150);
        Assert.Equal(0, _completed);
        view.TryEnd();
        Assert.Equal(outcome, view.Result(out _, out _));
    }

    [Fact]
    public void What_is_under_way_at_the_end_is_unfinished()
    {
        var view = View("/a.css");
        view.PageCame(100);
        view.Arrived(ViewTiming.Page, 150);
        view.Began();
        view.TryEnd();
        Assert.Equal(ViewOutcome.Unfinished, view.Result(out _, out _));
    }

    [Theory]
    [InlineData(Site, "/a.css", 0)]
    [InlineData("SITE.test", "/a.css", 0)]
    [InlineData("other.test", "/a.css", ViewTiming.Nothing)]
    [InlineData(Site, "/a.css?v=2", ViewTiming.Nothing)]
    [InlineData(Site, "/", ViewTiming.Nothing)]
    public void A_resource_is_found_by_host_and_target(string host, string target, int index) =>
        Assert.Equal(index, View("/a.css").BlockedBy(host, target));

    private static void Comes(ViewTiming view, long at, string target, long written = -1)
    {
        view.Began();
        view.Arrived(view.BlockedBy(Site, target), at, written);
    }

    private ViewTiming View(params string[] sheets) => new(
        new ViewGroup(Arm.Delivered, 1, "all", "HTTP/2", "push", IsFirst: true),
        new LearnedPage(Some.Page([.. sheets.Select(static s => Some.Style(s))])), Site, startedAt: 0, before: 1000)
    {
        Completed = _ => _completed++,
    };
}
