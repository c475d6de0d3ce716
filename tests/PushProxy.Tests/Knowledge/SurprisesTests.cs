using PushProxy.Knowledge;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class SurprisesTests
{
    private readonly Surprises _surprises = new();

    [Fact]
    public void One_surprise_in_twenty_answers_is_not_too_many_and_two_are()
    {
        _surprises.Note(isSurprise: true, 1);
        Quiet(Surprises.Window - 2);
        Assert.False(_surprises.AreTooMany(1));
        _surprises.Note(isSurprise: true, 2);
        Assert.True(_surprises.AreTooMany(1));
        Assert.True(_surprises.AreTooMany(3));

        Quiet(1);
        Assert.False(_surprises.AreTooMany(1));
        Assert.False(_surprises.AreTooMany(3));
    }

    [Fact]
    public void One_address_decides_only_for_itself_however_often_it_surprises()
    {
        for (var i = 0; i < 50; i++)
        {
            _surprises.Note(isSurprise: true, 1);
            Quiet(i % 3);
            Assert.False(_surprises.AreTooMany(2));
            Assert.Equal(i > 0, _surprises.AreTooMany(1));
        }

        Assert.True(_surprises.AreMany);
    }

    [Fact]
    public void Another_ones_surprise_counts_only_as_long_as_it_is_among_the_last_twenty()
    {
        _surprises.Note(isSurprise: true, 9);
        for (var i = 1; i < Surprises.Window; i++)
        {
            _surprises.Note(isSurprise: true, 1);
            Assert.True(_surprises.AreTooMany(2));
        }

        _surprises.Note(isSurprise: true, 1);
        Assert.False(_surprises.AreTooMany(2));
        Assert.True(_surprises.AreTooMany(1));
    }

    [Fact]
    public void It_is_quiet_again_after_sixty_four_answers_and_holds_no_more_than_those()
    {
        for (var i = 0; i < 1000; i++)
        {
            _surprises.Note(isSurprise: true, (ulong)i);
        }

        Assert.InRange(_surprises.Size, 1, 88 + (16 * 2 * Surprises.LongWindow));
        Quiet(Surprises.LongWindow - 1);
        Assert.False(_surprises.IsQuiet);
        Quiet(1);
        Assert.True(_surprises.IsQuiet);
        Assert.False(_surprises.AreMany);
    }

    [Fact]
    public void What_teaches_nothing_is_read_with_a_pause_unless_answers_surprise()
    {
        var now = DateTimeOffset.UnixEpoch;
        var pause = TimeSpan.FromSeconds(1);
        Assert.True(_surprises.MayCheck(now, pause));
        Assert.False(_surprises.MayCheck(now.AddSeconds(0.9), pause));
        Assert.True(_surprises.MayCheck(now.AddSeconds(1), pause));

        _surprises.Note(isSurprise: true, 1);
        Assert.True(_surprises.MayCheck(now.AddSeconds(1), pause));
        Assert.True(_surprises.MayCheck(now.AddSeconds(1), pause));
        Quiet(Surprises.LongWindow);
        Assert.False(_surprises.MayCheck(now.AddSeconds(1), pause));
    }

    private void Quiet(int answers)
    {
        for (var i = 0; i < answers; i++)
        {
            _surprises.Note(isSurprise: false, 7);
        }
    }
}
