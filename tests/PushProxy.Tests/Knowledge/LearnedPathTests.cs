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

    [Fact]
    public void Variants_of_one_address_speak_for_no_other()
    {
        var path = new LearnedPath([], maxVariants: 16, sharedByAddresses: 2);
        for (uint i = 0; i < 16; i++)
        {
            Learn(path, i, A, address: 7);
        }

        Assert.Null(path.Find(99).Page);
        Learn(path, 20, A, address: 0);
        Assert.Null(path.Find(99).Page);
        Learn(path, 21, A, address: 8);
        Assert.NotNull(path.Find(99).Page);
    }

    [Fact]
    public void Who_fills_all_variants_pushes_out_only_his_own()
    {
        var path = new LearnedPath([], maxVariants: 8, sharedByAddresses: 2);
        Learn(path, 1, A, address: 1);
        Learn(path, 2, A, address: 2);
        for (uint i = 10; i < 60; i++)
        {
            Learn(path, i, B, address: 7);
        }

        Assert.NotNull(path.Find(1).Exact);
        Assert.NotNull(path.Find(2).Exact);
        Assert.NotNull(path.Find(59).Exact);
        Assert.Equal(8, path.Pages().Count);

        // And makes room for others.
        Learn(path, 3, A, address: 3);
        Assert.NotNull(path.Find(1).Exact);
        Assert.NotNull(path.Find(3).Exact);
    }

    [Fact]
    public void A_changed_version_keeps_those_who_taught_the_needs()
    {
        var path = new LearnedPath([], maxVariants: 8, sharedByAddresses: 2);
        Learn(path, 1, A, address: 1);
        Learn(path, 2, A, address: 2);
        Learn(path, 1, A, address: 3, hash: 5);
        Learn(path, 2, A, address: 3, hash: 5);
        Assert.Equal(2, path.Find(1).Page!.TaughtBy.Count);
        Assert.NotNull(path.Find(99).Page);
    }

    private void Learn(LearnedPath path, uint key, PageAnalysis analysis, ulong address, uint hash = 1)
    {
        var page = new LearnedPage(analysis);
        page.TaughtBy.Add(address);
        path.Learn(new Variant(key, new PageVersion(hash, null), page), _now, Pause, out _);
    }

    private LearnOutcome Learn(uint key, PageAnalysis analysis, uint hash = 1)
    {
        _path.Learn(new Variant(key, new PageVersion(hash, null), new LearnedPage(analysis)), _now, Pause, out var outcome);
        return outcome;
    }
}
