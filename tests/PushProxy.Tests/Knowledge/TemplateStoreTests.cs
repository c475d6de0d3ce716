using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Testing;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public sealed class TemplateStoreTests : IDisposable
{
    private readonly ResourceRegistry _registry = new();
    private readonly LearningOptions _options = new() { SharedByAddresses = 1 };
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

        // And of the route's other folders, once one of them has named it, too.
        Assert.Null(_templates.Find(Key("/shop/new")));
        Learn("/about", "/common.css");
        Assert.Equal(["/common.css"], Expected("/shop/new"));
        Assert.Null(_templates.Find(Key("/blog/new") with { Authority = "other.test" }));
        Assert.Null(_templates.Find(Key("/blog/new") with { Route = "other" }));
    }

    [Fact]
    public void What_one_address_was_sent_is_expected_of_no_other_page()
    {
        using var templates = new TemplateStore(new LearningOptions(), _registry);
        for (var i = 0; i < 16; i++)
        {
            templates.Learn(Key($"/blog/{i}"), Taught(7));
        }

        Assert.Null(templates.Find(Key("/blog/new")));
        templates.Learn(Key("/blog/16"), Taught(8));
        Assert.NotNull(templates.Find(Key("/blog/new")));

        static LearnedPage Taught(ulong address)
        {
            var page = new LearnedPage(Some.Page(Some.Style("/evil.css")));
            page.TaughtBy.Add(address);
            return page;
        }
    }

    [Fact]
    public void Pages_that_one_address_made_up_push_out_no_others_and_count_as_one()
    {
        using var templates = new TemplateStore(new LearningOptions { TemplateAgreementPercent = 75 }, _registry);
        for (var i = 0; i < 4; i++)
        {
            templates.Learn(Key($"/blog/{i}"), From("/common.css", 1, 2));
        }

        Assert.NotNull(templates.Find(Key("/blog/new")));
        for (var i = 0; i < 40; i++)
        {
            templates.Learn(Key($"/blog/evil{i}"), From("/evil.css", 7));
        }

        // The next honest page finds the others still there, and them to be most.
        templates.Learn(Key("/blog/5"), From("/common.css", 1, 2));
        Assert.Equal("/common.css", Assert.Single(templates.Find(Key("/blog/new"))!.Analysis.Resources).Url.AbsolutePath);

        static LearnedPage From(string sheet, params ulong[] addresses)
        {
            var page = new LearnedPage(Some.Page(Some.Style(sheet)));
            Array.ForEach(addresses, a => page.TaughtBy.Add(a));
            return page;
        }
    }

    [Fact]
    public void A_policy_goes_with_what_is_expected_once_enough_were_sent_it()
    {
        LearnFrom("/1", 1, "report-uri /csp");
        LearnFrom("/2", 2, "report-uri /csp?2");
        LearnFrom("/3", 3, "report-uri /csp?3");
        Assert.False(_templates.Find(Key("/new"))!.Security!.MayBeTold);
        LearnFrom("/4", 4, "report-uri /csp");
        var told = _templates.Find(Key("/new"))!.Security!;
        Assert.True(told.MayBeTold);
        Assert.Equal(["report-uri /csp"], told.HeaderPolicies);

        // And one page with another policy changes nothing.
        LearnFrom("/5", 5, "report-uri /csp?5");
        Assert.Equal(["report-uri /csp"], _templates.Find(Key("/new"))!.Security!.HeaderPolicies);

        void LearnFrom(string path, ulong connection, string policy)
        {
            var page = new LearnedPage(Some.Page(Some.Style("/a.css")), ContentSecurityPolicy.Of(policy, []));
            page.CountNames(2, _ => new NameWitnesses(2), _ => new NameWitnesses(2), connection);
            _templates.Learn(Key(path), page);
        }
    }

    [Fact]
    public void What_is_in_a_folder_that_is_a_secret_is_told_to_nobody_outside()
    {
        for (var i = 0; i < 10; i++)
        {
            Learn($"/albums/5ecret/{i}", "/albums/5ecret/album.css");
        }

        Assert.Null(_templates.Find(Key("/elsewhere/page")));
        Assert.Null(_templates.Find(Key("/albums/other/page")));
        Assert.Equal(["/albums/5ecret/album.css"], Expected("/albums/5ecret/new"));
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
        Learn("/2/", "/a.css");
        Learn("/3", "/a.css");
        Assert.Equal(isPage, _templates.Find(Key(path)) is not null);
    }

    [Fact]
    public async Task Is_bounded_and_holds_no_resource_it_does_not_expect()
    {
        for (var folder = 0; folder < 5000; folder++)
        {
            Learn($"/{folder}/x", $"/{folder}.css");
        }

        Assert.Equal(0, _registry.Count);

        // A full cache makes room beside the request path; a newcomer may have to come again.
        var i = 0;
        await Eventually.TrueAsync(
            () =>
            {
                Learn($"/same/{i++ % 100}", "/a.css");
                return _registry.Count > 0;
            },
            () => "There never was room for another folder.");

        Assert.Equal(1, _registry.Count);
    }

    public void Dispose() => _templates.Dispose();

    private void Learn(string path, params string[] sheets) =>
        _templates.Learn(Key(path), new LearnedPage(Some.Page([.. sheets.Select(s => Some.Style(s))])));

    private IEnumerable<string> Expected(string path) => _templates.Find(Key(path))!.Analysis.Resources.Select(r => r.Url.AbsolutePath);

    private static PageKey Key(string path) => new("all", "site.test", path);
}
