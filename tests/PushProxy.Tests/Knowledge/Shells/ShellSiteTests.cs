using Microsoft.Extensions.Time.Testing;
using PushProxy.Knowledge.Shells;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Knowledge.Shells;

public class ShellSiteTests
{
    private static readonly PageKey A = new("route", "site.test", "/a"), B = new("route", "site.test", "/b");

    private readonly FakeTimeProvider _time = new();
    private readonly ShellSite _site;

    public ShellSiteTests() => _site = new ShellSite(new ShellOptions { After = 5 }, _time);

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    [InlineData(1000)]
    public void One_wrong_in_a_thousand_stops_all(int sent)
    {
        Sent(sent);
        Assert.True(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
        Assert.Equal(ShellSkip.SiteStopped, _site.WhyNot());
        Assert.False(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
    }

    [Fact]
    public void Fewer_do_not()
    {
        Sent(3001);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
        }

        Assert.Equal(ShellSkip.None, _site.WhyNot());
        Assert.True(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
    }

    [Fact]
    public void What_was_not_sent_stops_none()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.False(_site.WasWrong(A, ShellFault.Bytes, isSent: false));
        }

        Assert.Equal(ShellSkip.None, _site.WhyNot());
    }

    [Fact]
    public void As_many_right_ones_in_a_row_as_a_page_needs_start_it_again()
    {
        Assert.True(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
        Right(4);
        Assert.False(_site.WasWrong(A, ShellFault.Bytes, isSent: false));
        Right(4);
        Assert.Equal(ShellSkip.SiteStopped, _site.WhyNot());
        Right(1);
        Assert.Equal(ShellSkip.None, _site.WhyNot());

        // And what was sent before counts no more.
        Sent(2000);
        Assert.False(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
        Assert.True(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
    }

    [Fact]
    public void Right_ones_before_it_stopped_do_not_count()
    {
        Right(100);
        Assert.True(_site.WasWrong(A, ShellFault.Bytes, isSent: true));
        Right(4);
        Assert.Equal(ShellSkip.SiteStopped, _site.WhyNot());
    }

    [Fact]
    public void Two_pages_that_begin_otherwise_within_moments_pause_all()
    {
        _site.WasWrong(A, ShellFault.Bytes, isSent: false);
        _time.Advance(TimeSpan.FromSeconds(9.9));
        _site.WasWrong(B, ShellFault.Bytes, isSent: false);
        Assert.Equal(ShellSkip.Deploy, _site.WhyNot());
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(ShellSkip.Deploy, _site.WhyNot());
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ShellSkip.None, _site.WhyNot());
    }

    [Fact]
    public void The_pause_lasts_as_long_as_pages_begin_otherwise()
    {
        for (var i = 0; i < 10; i++)
        {
            _site.WasWrong(i % 2 == 0 ? A : B, ShellFault.Bytes, isSent: false);
            _time.Advance(TimeSpan.FromSeconds(5));
            Assert.Equal(i == 0 ? ShellSkip.None : ShellSkip.Deploy, _site.WhyNot());
        }
    }

    [Fact]
    public void One_page_alone_or_two_at_different_times_do_not()
    {
        _site.WasWrong(A, ShellFault.Bytes, isSent: false);
        _site.WasWrong(A, ShellFault.Bytes, isSent: false);
        Assert.Equal(ShellSkip.None, _site.WhyNot());
        _time.Advance(TimeSpan.FromSeconds(10));
        _site.WasWrong(B, ShellFault.Bytes, isSent: false);
        Assert.Equal(ShellSkip.None, _site.WhyNot());
    }

    private void Sent(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _site.WasSent();
        }
    }

    private void Right(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _site.WasRight();
        }
    }
}
