using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class LearnedPathTests
{
    private static readonly PageAnalysis A = Some.Page(Some.Style("/a.css"));
    private static readonly PageAnalysis B = Some.Page(Some.Style("/b.css"));
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(5);
    private readonly LearnedPath _path = new([], maxVariants: 3);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void One_variant_speaks_for_itself_alone()
    {
        Assert.Equal(LearnOutcome.Learned, Learn(1, A));
        Assert.Equal(A, _path.Find(1).Page!.Analysis);
        Assert.Null(_path.Find(2).Page);
    }

    [Fact]
    public void Two_that_agree_speak_for_the_others()
    {
        Learn(1, A);
        Learn(2, Some.Page(Some.Style("/a.css")));
        var (exact, page) = _path.Find(3);
        Assert.Null(exact);
        Assert.Equal("/a.css", Assert.Single(page!.Analysis.Resources).Url.AbsolutePath);
    }

    [Fact]
    public void Two_that_differ_do_not()
    {
        Learn(1, A);
        Learn(2, B);
        Assert.Null(_path.Find(3).Page);
        Assert.Equal(A, _path.Find(1).Page!.Analysis);
        Assert.Equal(B, _path.Find(2).Page!.Analysis);
    }

    [Fact]
    public void A_changed_page_takes_the_place_of_the_old_one()
    {
        Learn(1, A);
        Assert.Equal(LearnOutcome.Changed, Learn(1, B, hash: 2));
        Assert.Equal(B, _path.Find(1).Page!.Analysis);
        Assert.Equal(LearnOutcome.Confirmed, Learn(1, B, hash: 3));
    }

    [Fact]
    public void The_variant_longest_unused_makes_room()
    {
        Learn(1, A);
        Learn(2, A);
        Learn(3, B);
        _path.Find(1);
        Learn(4, A);
        Assert.Null(_path.Find(2).Exact);
        Assert.NotNull(_path.Find(1).Exact);
        Assert.NotNull(_path.Find(3).Exact);
    }

    [Fact]
    public void Bytes_that_change_without_need_are_looked_at_less_and_less_often()
    {
        Learn(1, A);
        Assert.True(_path.MayLearn(_now));
        foreach (var seconds in new[] { 1, 2, 4, 5, 5 })
        {
            Learn(1, A, hash: (uint)seconds);
            Assert.False(_path.MayLearn(_now + TimeSpan.FromSeconds(seconds - 0.1)));
            _now += TimeSpan.FromSeconds(seconds);
            Assert.True(_path.MayLearn(_now));
        }

        Learn(1, B, hash: 99);
        Assert.True(_path.MayLearn(_now));
    }

    private LearnOutcome Learn(uint key, PageAnalysis analysis, uint hash = 1)
    {
        _path.Learn(new Variant(key, new PageVersion(hash, null), new LearnedPage(analysis)), _now, Pause, out var outcome);
        return outcome;
    }
}
