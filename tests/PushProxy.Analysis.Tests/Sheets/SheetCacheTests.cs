using PushProxy.Analysis.Sheets;

namespace PushProxy.Analysis.Tests.Sheets;

public class SheetCacheTests
{
    private static readonly Stylesheet Sheet = new() { Size = 300 };

    [Fact]
    public void A_stylesheet_is_found_by_url_version_and_encoding()
    {
        var cache = new SheetCache(1000);
        cache.Add(new("a", "1", "utf-8"), Sheet);
        Assert.Same(Sheet, cache.Find(new("a", "1", "utf-8")));
        Assert.Null(cache.Find(new("b", "1", "utf-8")));
        Assert.Null(cache.Find(new("a", "2", "utf-8")));
        Assert.Null(cache.Find(new("a", "1", "windows-1252")));
    }

    [Fact]
    public void It_never_holds_more_than_its_size()
    {
        var cache = new SheetCache(1000);
        for (var i = 0; i < 100; i++)
        {
            cache.Add(new($"{i}", "1", "utf-8"), Sheet);
            Assert.InRange(cache.Count, 0, 3);
        }
    }

    [Fact]
    public void What_is_larger_than_all_of_it_is_not_kept()
    {
        var cache = new SheetCache(1000);
        cache.Add(new("a", "1", "utf-8"), Sheet with { Size = 1001 });
        Assert.Equal(0, cache.Count);
    }
}
