using PushProxy.Knowledge;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class SteadinessTests
{
    private readonly Steadiness _steadiness = new();
    private IReadOnlyList<UInt128>? _before;

    [Fact]
    public void A_name_that_went_is_told_again_after_eight_answers_in_a_row()
    {
        See(1, 2);
        See(2);
        Assert.True(_steadiness.IsUnsteady(1));
        Assert.False(_steadiness.IsUnsteady(2));

        See(1, 2);
        for (var answer = 2; answer <= Steadiness.FirstRun; answer++)
        {
            Assert.True(_steadiness.IsUnsteady(1));
            Assert.Equal(answer == Steadiness.FirstRun, _steadiness.Same([1, 2]));
        }

        Assert.False(_steadiness.IsUnsteady(1));
    }

    [Fact]
    public void A_name_that_went_twice_takes_longer()
    {
        See(1);
        See();
        Repeat([1], Steadiness.FirstRun);
        See();
        Repeat([1], Steadiness.LongestRun - 1);
        Assert.True(_steadiness.IsUnsteady(1));

        See(1);
        Assert.False(_steadiness.IsUnsteady(1));
    }

    [Fact]
    public void One_miss_begins_the_count_anew()
    {
        See(1);
        See();
        Repeat([1], Steadiness.FirstRun - 1);
        See();
        Repeat([1], Steadiness.FirstRun - 1);
        Assert.True(_steadiness.IsUnsteady(1));
    }

    [Fact]
    public void What_is_sought_in_vain_begins_anew_and_the_rest_goes_on()
    {
        See(1, 2);
        See();
        See(1, 2);
        for (var answer = 2; answer <= Steadiness.FirstRun; answer++)
        {
            _steadiness.Same([1, 2], gone: 2);
        }

        Assert.False(_steadiness.IsUnsteady(1));
        Assert.True(_steadiness.IsUnsteady(2));
    }

    [Fact]
    public void One_new_version_of_a_site_makes_nothing_restless_and_its_names_are_told()
    {
        See(1, 2);
        See(1, 3);
        Assert.False(_steadiness.Surprises.AreTooMany(0));
        Assert.False(_steadiness.IsUnsteady(3));
        Assert.False(_steadiness.KeepsChanging);
    }

    [Fact]
    public void A_page_that_surprises_twice_in_twenty_answers_is_restless_until_the_first_surprise_is_long_ago()
    {
        See(1, 2);
        See(1, 3);
        Repeat([1, 3], 5);
        See(1, 4);
        Assert.True(_steadiness.Surprises.AreTooMany(0));

        // What is new on such a page may go as it came.
        Assert.True(_steadiness.IsUnsteady(4));
        Repeat([1, 4], Surprises.Window - 7);
        Assert.True(_steadiness.Surprises.AreTooMany(0));
        Repeat([1, 4], 1);
        Assert.False(_steadiness.Surprises.AreTooMany(0));
        Assert.False(_steadiness.IsUnsteady(4));
    }

    [Fact]
    public void What_was_never_told_surprises_nobody()
    {
        for (UInt128 t = 10; t < 60; t++)
        {
            See([1, t], isTold: name => name == 1);
            Assert.False(_steadiness.Surprises.AreTooMany(0));
        }

        Assert.True(_steadiness.KeepsChanging);
        Assert.False(_steadiness.IsUnsteady(1));
        See([1, 59], isTold: name => name == 1);
        Assert.False(_steadiness.KeepsChanging);
    }

    [Fact]
    public void What_is_new_where_something_has_gone_lately_may_go_too_even_if_nobody_was_told_of_that()
    {
        See([1, 2], isTold: name => name == 1);
        See([1], isTold: name => name == 1);
        Repeat([1], Surprises.LongWindow - 2);
        See(1, 3);
        Assert.True(_steadiness.IsUnsteady(3));
        Repeat([1, 3], Surprises.LongWindow);
        See(1, 3, 4);
        Assert.False(_steadiness.IsUnsteady(3));
        Assert.False(_steadiness.IsUnsteady(4));
    }

    [Fact]
    public void A_name_that_an_answer_may_still_need_is_not_missed()
    {
        See(1, 2);
        _steadiness.Changed([(1, true), (2, true)], [1, 3], isMissed: _ => false, 0);
        Assert.False(_steadiness.IsUnsteady(2));
        Assert.False(_steadiness.Surprises.AreTooMany(0));
    }

    [Fact]
    public void Only_so_many_names_are_remembered()
    {
        for (UInt128 t = 0; t < 1000; t++)
        {
            See(t);
        }

        Assert.InRange(_steadiness.Size, 1, 512 + (80 * Steadiness.MaxNames));
        Assert.True(_steadiness.IsUnsteady(998));
        Assert.False(_steadiness.IsUnsteady(1));
    }

    [Fact]
    public void A_page_that_says_a_name_twice_is_one_that_says_it()
    {
        See(1, 1);
        See(2);
        Assert.True(_steadiness.IsUnsteady(1));
    }

    private void Repeat(UInt128[] names, int times)
    {
        for (var i = 0; i < times; i++)
        {
            See(names);
        }
    }

    private void See(params UInt128[] names) => See(names, _ => true);

    // As a page is learned: each answer follows the one before it.
    private void See(UInt128[] names, Func<UInt128, bool> isTold)
    {
        if (_before is not null && _before.SequenceEqual(names))
        {
            _steadiness.Same(names);
        }
        else if (_before is not null)
        {
            _steadiness.Changed(_before.Select(b => (b, isTold(b) && !_steadiness.IsUnsteady(b))), names, _ => true, 0);
        }

        _before = names;
    }
}
