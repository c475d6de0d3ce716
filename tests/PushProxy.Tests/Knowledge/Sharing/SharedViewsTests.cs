using PushProxy.Model;
using PushProxy.Proof;
using Xunit;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>Instances count the page views that others have measured, so that all come to the same verdict.</summary>
public sealed class SharedViewsTests : SharingCase
{
    [Fact]
    public void Views_measured_at_one_count_at_the_other_once()
    {
        var (a, b) = (Start(), Start());
        a.Book.Add(View(Arm.Delivered, 1), ProofMeasure.Display, 120);
        b.Book.Add(View(Arm.HeldOut, 2), ProofMeasure.Display, 240);
        Exchange();
        foreach (var one in new[] { a, b })
        {
            var display = one.Book.List()[0].Measures[0];
            Assert.Equal((1, 1), (display.Delivered.Views, display.HeldOut.Views));
        }
    }

    [Fact]
    public void Which_pages_were_viewed_stays_with_one()
    {
        var (a, b) = (Start(), Start());
        for (var visitor = 1UL; visitor <= 5; visitor++)
        {
            a.Book.Add(View(Arm.Delivered, visitor), ProofMeasure.Display, 120);
        }

        Exchange();
        Assert.Contains(a.Book.List(), static g => g is { Kind: "page", Name: "/folder-of-somebody/" });
        Assert.DoesNotContain(b.Book.List(), static g => g.Kind == "page");
        Assert.DoesNotContain("folder-of-somebody", Texts(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_group_of_pages_that_few_have_seen_is_not_listed()
    {
        var a = Start();
        for (var visitor = 1UL; visitor <= ProofBook.MinVisitors; visitor++)
        {
            Assert.DoesNotContain(a.Book.List(), static g => g.Kind == "page");
            a.Book.Add(View(Arm.Delivered, visitor), ProofMeasure.Display, 120);
        }

        Assert.Contains(a.Book.List(), static g => g.Kind == "page");
    }

    [Fact]
    public void Groups_are_limited()
    {
        var a = Start();
        for (var page = 0; page < 2 * ProofBook.MaxGroups; page++)
        {
            for (var visitor = 1UL; visitor <= ProofBook.MinVisitors; visitor++)
            {
                a.Book.Add(View(Arm.Delivered, ((ulong)page << 32) | visitor) with { Page = $"/{page}/" }, ProofMeasure.Display, 120);
            }
        }

        Assert.Equal(ProofBook.MaxGroups, a.Book.List().Count(static g => g.Kind == "page"));
        Assert.Equal(2 * ProofBook.MaxGroups * ProofBook.MinVisitors, Assert.Single(a.Book.List()[0].Measures).Delivered.Views);
    }

    private static ViewGroup View(Arm arm, ulong visitor) => new(arm, visitor, "/folder-of-somebody/", "HTTP/2", "push", IsFirst: true);
}
