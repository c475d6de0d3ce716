using PushProxy.Pages;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Pages;

public sealed class TemplateStoreTests : IDisposable
{
    private readonly ResourceRegistry _registry = new();
    private readonly LearningOptions _options = new();
    private readonly TemplateStore _templates;

    public TemplateStoreTests() => _templates = new TemplateStore(_options, _registry);

    [Fact]
    public void What_the_pages_of_a_folder_share_is_expected_of_its_next_page()
    {
        Learn("/blog/1", "/common.css", "/1.css");
        Learn("/blog/2", "/common.css", "/2.css");
        Assert.Null(_templates.Find(Key("/blog/new")));
        Learn("/blog/3", "/common.css", "/3.css");
        Assert.Equal(["/common.css"], Expected("/blog/new"));

        // And of the route's other folders, until they have pages of their own.
        Assert.Equal(["/common.css"], Expected("/shop/new"));
        Assert.Null(_templates.Find(Key("/blog/new") with { Authority = "other.test" }));
        Assert.Null(_templates.Find(Key("/blog/new") with { Route = "other" }));
    }

    [Fact]
    public void A_page_that_differs_ends_it()
    {
        Learn("/1", "/common.css");
        Learn("/2", "/common.css");
        Learn("/3", "/common.css");
        Learn("/4", "/other.css");
        Assert.Null(_templates.Find(Key("/5")));
        Learn("/4", "/common.css");
        Assert.Equal(["/common.css"], Expected("/5"));
    }

    [Fact]
    public void How_many_must_agree_is_an_option()
    {
        using var templates = new TemplateStore(_options with { TemplatePages = 4, TemplateAgreementPercent = 75 }, _registry);
        foreach (var (path, sheet) in new[] { ("/1", "/a.css"), ("/2", "/x.css"), ("/3", "/a.css"), ("/4", "/a.css") })
        {
            Assert.Null(templates.Find(Key("/5")));
            templates.Learn(Key(path), new LearnedPage(Some.Page(Some.Style(sheet))));
        }

        Assert.Equal("/a.css", Assert.Single(templates.Find(Key("/5"))!.Analysis.Resources).Url.AbsolutePath);
    }

    [Theory]
    [InlineData("/new", true)]
    [InlineData("/new.html", true)]
    [InlineData("/new.php", true)]
    [InlineData("/v1.2/new", true)]
    [InlineData("/about.acme-inc", true)]
    [InlineData("/report.pdf", false)]
    [InlineData("/photo.jpeg", false)]
    [InlineData("/all.zip", false)]
    public void Downloads_are_not_expected_to_be_pages(string path, bool isPage)
    {
        Learn("/1", "/a.css");
        Learn("/2", "/a.css");
        Learn("/3", "/a.css");
        Assert.Equal(isPage, _templates.Find(Key(path)) is not null);
    }

    [Fact]
    public void Is_bounded_and_holds_no_resource_it_does_not_expect()
    {
        for (var i = 0; i < 5000; i++)
        {
            Learn($"/{i}/x", $"/{i}.css");
        }

        Assert.Equal(0, _registry.Count);
        for (var i = 0; i < 100; i++)
        {
            Learn($"/same/{i}", "/a.css");
        }

        Assert.Equal(1, _registry.Count);
    }

    public void Dispose() => _templates.Dispose();

    private void Learn(string path, params string[] sheets) =>
        _templates.Learn(Key(path), new LearnedPage(Some.Page([.. sheets.Select(s => Some.Style(s))])));

    private IEnumerable<string> Expected(string path) => _templates.Find(Key(path))!.Analysis.Resources.Select(r => r.Url.AbsolutePath);

    private static PageKey Key(string path) => new("all", "site.test", path);
}
