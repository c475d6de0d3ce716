using System.Globalization;
using System.Text;
using Xunit;

namespace PushProxy.Tests.Knowledge.Shells;

public class ShellStoreTests
{
    private static readonly ShellOptions Options = new() { Views = 4, Clients = 2, After = 6 };
    private static readonly int Whole = VisitedSite.Page(1000).LastIndexOf('>') + 1;

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    public void A_folders_shell_takes_so_many_different_pages(int pages)
    {
        using var site = new VisitedSite(Options, new LearningOptions { TemplatePages = pages });
        for (var i = 0; i < 50; i++)
        {
            site.Visit($"/blog/{i % (pages - 1)}", (ulong)i, VisitedSite.Page(1000));
        }

        Assert.Equal(0, site.ShellOf("/blog/new"));
        for (var i = 0; i < 50; i++)
        {
            site.Visit($"/blog/{i % pages}", (ulong)i, VisitedSite.Page(1000));
        }

        Assert.Equal(Whole, site.ShellOf("/blog/new"));
        Assert.Equal(Whole, site.ShellOf("/elsewhere/new"));
    }

    [Fact]
    public void A_page_comes_before_its_folder_and_the_folder_before_the_route()
    {
        using var site = new VisitedSite(Options);
        for (var i = 0; i < 200; i++)
        {
            site.Visit($"/blog/{i % 10}", (ulong)i, VisitedSite.Page(1000, element: "<br>"));
            site.Visit($"/shop/{i % 10}", (ulong)i, VisitedSite.Page(1000, element: "<hr>"));
            site.Visit("/", (ulong)i, VisitedSite.Page(3000, element: "<hr>"));
        }

        Assert.Equal("<br>", EndOf(site, "/blog/new"));
        Assert.Equal("<hr>", EndOf(site, "/shop/new"));
        Assert.InRange(site.ShellOf("/"), 2990, 3000);
        Assert.Equal(0, site.ShellOf("/news/new"));
    }

    [Fact]
    public void Another_route_host_class_or_variant_has_none()
    {
        using var site = new VisitedSite(Options);
        for (var i = 0; i < 50; i++)
        {
            site.Visit($"/blog/{i % 5}", (ulong)i, VisitedSite.Page(1000));
        }

        var key = VisitedSite.Key("/blog/1");
        Assert.NotNull(site.Store.FindShell(key));
        Assert.Null(site.Store.FindShell(key with { Route = "other" }));
        Assert.Null(site.Store.FindShell(key with { Authority = "other.test" }));
        Assert.Null(site.Store.FindShell(key with { IsMember = true }));
        Assert.Null(site.Store.FindShell(key with { Variant = 1 }));
    }

    [Fact]
    public void A_page_is_not_taken_for_the_folder_of_the_same_name()
    {
        using var site = new VisitedSite(Options, new LearningOptions { TemplatePages = 16 });
        for (var i = 0; i < 50; i++)
        {
            site.Visit("/blog/", (ulong)i, VisitedSite.Page(1000));
        }

        Assert.Equal(Whole, site.ShellOf("/blog/"));
        Assert.Equal(0, site.ShellOf("/blog/new"));
    }

    [Fact]
    public void Thousands_of_pages_take_no_more_memory_than_they_may()
    {
        using var site = new VisitedSite(Options with { CacheBytes = 256 * 1024 });
        var most = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            site.Visit(string.Create(CultureInfo.InvariantCulture, $"/{i / 8 % 7}/{i / 4}"), (ulong)i, VisitedSite.Page(2000, $"<p>{i}"));
            most = Math.Max(most, site.Store.Size);
            Assert.InRange(site.Store.Size, 0, 256 * 1024);
        }

        Assert.True(most > 128 * 1024, "Hardly anything was kept: the test has lost its point.");
        Assert.InRange(site.Store.Count, 1, 256);
    }

    [Fact]
    public void What_nobody_visits_is_forgotten()
    {
        using var site = new VisitedSite(Options, new LearningOptions { Expiry = TimeSpan.FromHours(1) });
        for (var i = 0; i < 4; i++)
        {
            site.Visit("/", (ulong)i, VisitedSite.Page(1000));
        }

        site.Time.Advance(TimeSpan.FromMinutes(59));
        Assert.Equal(Whole, site.ShellOf("/"));
        site.Time.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(0, site.ShellOf("/"));
    }

    [Fact]
    public async Task Many_visits_at_the_same_time_learn_the_same()
    {
        using var site = new VisitedSite(Options);
        var page = Encoding.UTF8.GetBytes(VisitedSite.Page(1000));
        await Parallel.ForAsync(0, 4000, TestContext.Current.CancellationToken, (i, _) =>
        {
            site.Teach(site.Begin($"/blog/{i % 20}", (ulong)i % 50), VisitedSite.Headers(), page);
            lock (site)
            {
                site.CutAll();
            }

            return default;
        });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(Whole, site.ShellOf($"/blog/{i}"));
            Assert.Equal(0, site.Learned($"/blog/{i}").Counts.Compared.Wrong);
        }
    }

    private static string EndOf(VisitedSite site, string path) =>
        Encoding.UTF8.GetString(site.Store.FindShell(VisitedSite.Key(path))!.Current!.Bytes.Span[^4..]);
}
