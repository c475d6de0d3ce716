using Microsoft.AspNetCore.Http;
using PushProxy.Cache;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

/// <summary>What is forgotten of what is purged, and what is not.</summary>
public sealed class PurgeTests : IDisposable
{
    private static readonly Uri Css = new("https://site.test/img/a.css?v=1");
    private readonly ResourceRegistry _registry = new();
    private readonly PageStore _store;

    public PurgeTests() => _store = new PageStore(new LearningOptions { SharedByAddresses = 1 }, _registry, TimeProvider.System);

    public void Dispose() => _store.Dispose();

    [Theory]
    [InlineData("site.test", "/a", false, "/a")]
    [InlineData("SITE.test", "/a", false, "/a")]
    [InlineData("site.test", "/a?x=1", false, "/a?x=1")]
    [InlineData("site.test", "/a?x", true, "/a", "/a?x=1", "/a?x=2")]
    [InlineData("site.test", "/a", true, "/a", "/a?x=1", "/a?x=2", "/ab")]
    [InlineData("site.test", "/", true, "/", "/a", "/a?x=1", "/a?x=2", "/ab")]
    [InlineData("site.test", "/", false, "/")]
    [InlineData("", "", true, "/", "/a", "/a?x=1", "/a?x=2", "/ab")]
    [InlineData("other.test", "/", true)]
    [InlineData("site.test", "/A", false)]
    public void A_page_is_forgotten_by_its_url(string authority, string target, bool isPrefix, params string[] forgotten)
    {
        string[] urls = ["/", "/a", "/a?x=1", "/a?x=2", "/ab"];
        foreach (var url in urls)
        {
            Learn(url, "/common.css");
        }

        _store.Forget(Purged(authority, target, isPrefix));
        Assert.Equal(forgotten, urls.Where(u => !IsTold(u)));
        Assert.Equal(forgotten.Length == urls.Length ? 0 : 1, _registry.Count);

        // What is on its way does not bring it back.
        foreach (var url in urls)
        {
            var before = Description(url) with { RequestedAt = 0 };
            Assert.Equal(
                forgotten.Select(PathOf).Contains(PathOf(url)), _store.Learn(before, 1, Some.Page(Some.Style("/common.css"))) is null);
            Learn(url, "/common.css");
            Assert.True(IsTold(url));
        }
    }

    [Theory]
    [InlineData("/a", false, true)]
    [InlineData("/a?x=1", false, true)]
    [InlineData("/", true, true)]
    [InlineData("/b", false, false)]
    public void A_page_on_its_way_is_not_learned_after_its_purge_though_nothing_was_known_of_its_path(string target, bool isPrefix, bool isPurged)
    {
        var requested = TimeProvider.System.GetTimestamp() - 1;
        _store.Forget(Purged("site.test", target, isPrefix));
        var description = Description("/a?x=1") with { RequestedAt = requested };
        Assert.Equal(isPurged ? null : LearnOutcome.Learned, _store.Learn(description, 1, Some.Page(Some.Style("/a.css"))));
        Assert.Equal(
            isPurged ? null : LearnOutcome.Learned,
            _store.LearnShared(description with { Audience = Audience.Members, Client = new ClientId([1], 0) }, Some.Page(Some.Style("/a.css")), null));
        Assert.Equal(isPurged ? 0 : 1, _store.Count);
        Assert.NotNull(_store.Learn(
            description with { RequestedAt = TimeProvider.System.GetTimestamp() }, 1, Some.Page(Some.Style("/a.css"))));
    }

    [Fact]
    public void What_is_on_its_way_may_belong_to_any_group_of_its_site()
    {
        var requested = TimeProvider.System.GetTimestamp() - 1;
        Learn("/a", "/a.css");
        Learn("/b", "/a.css");
        var purged = new PurgedUrls([new("site.test", "", false, "group"), new("site.test", "/b", false)]);
        _store.Forget(purged);
        Assert.Equal((true, false), (IsTold("/a"), IsTold("/b")));
        Assert.Null(_store.Learn(Description("/a?x=1") with { RequestedAt = requested }, 1, Some.Page()));
        var other = Some.Description(new PageKey("route", "other.test", "/"), new HeaderDictionary());
        Assert.NotNull(_store.Learn(other with { RequestedAt = requested }, 1, Some.Page()));
        Assert.Equal((false, true), (purged.Cover("site.test/a.css"), purged.MayCover("site.test/a.css")));
        Assert.False(purged.MayCover("other.test/a.css"));
    }

    [Fact]
    public void Of_a_page_that_took_longer_than_what_is_remembered_nobody_knows()
    {
        var requested = TimeProvider.System.GetTimestamp() - 1;
        for (var i = 0; i < RecentlyPurged.Room; i++)
        {
            Assert.NotNull(_store.Learn(Description("/a") with { RequestedAt = requested }, 1, Some.Page()));
            _store.Forget(Purged("site.test", $"/other{i}", isPrefix: false));
        }

        var between = TimeProvider.System.GetTimestamp();
        _store.Forget(new([new("site.test", "/x", false), new("site.test", "/y", false)]));
        Assert.Null(_store.Learn(Description("/a") with { RequestedAt = requested }, 1, Some.Page()));
        Assert.NotNull(_store.Learn(Description("/a") with { RequestedAt = between }, 1, Some.Page()));
        Assert.Null(_store.Learn(Description("/x") with { RequestedAt = between }, 1, Some.Page()));
    }

    [Fact]
    public void What_is_purged_at_once_is_forgotten_at_once()
    {
        string[] urls = ["/a", "/a?x=1", "/a?x=2", "/b", "/b?x=1", "/c"];
        foreach (var url in urls)
        {
            Learn(url, "/common.css");
        }

        var purged = new PurgedUrls([.. new[] { "/a?x=1", "/a", "/c", "/img/a.css?v=1" }.Select(static t => new HttpCachePurged("site.test", t, false))]);
        _store.Forget(purged);
        Assert.Equal(["/a", "/a?x=1", "/c"], urls.Where(u => !IsTold(u)));
        Assert.Equal([true, false, false], new[] { "/img/a.css?v=1", "/img/a.css", "/img/b.css?v=1" }.Select(t => purged.Cover("site.test" + t)));
        Assert.False(purged.Cover("other.test/img/a.css?v=1"));
    }

    [Fact]
    public void All_variants_are_forgotten_if_a_header_tells_them_apart()
    {
        foreach (var language in new[] { "de", "en" })
        {
            var request = new HeaderDictionary { ["Accept-Language"] = language };
            _store.Learn(Some.Description(Key("/a"), request, "accept-language"), 1, Some.Page(Some.Style("/a.css")));
        }

        _store.Forget(Purged("site.test", "/a", isPrefix: false));
        Assert.Null(_store.Find(Key("/a"), "", new HeaderDictionary { ["Accept-Language"] = "de" }).Page);
        Assert.Null(_store.Find(Key("/a"), "", new HeaderDictionary { ["Accept-Language"] = "en" }).Page);
    }

    [Fact]
    public void What_purged_pages_shared_is_not_expected_of_the_pages_around_them()
    {
        for (var i = 0; i < 4; i++)
        {
            Learn($"/blog/{i}", "/common.css");
        }

        Assert.NotNull(Find("/blog/new").Page);
        _store.Forget(Purged("site.test", "/blog/3", isPrefix: false));

        // Three are enough for a page never seen, but say nothing for the one that was purged.
        Assert.NotNull(Find("/blog/new").Page);
        Assert.Null(Find("/blog/3").Page);
        _store.Forget(Purged("site.test", "/blog/", isPrefix: true));
        Assert.Null(Find("/blog/new").Page);
        Assert.Equal(0, _registry.Count);
    }

    [Fact]
    public void The_members_pages_are_forgotten_too()
    {
        for (var i = 0; i < 2; i++)
        {
            _store.LearnShared(
                Description("/a") with { Audience = Audience.Members, Client = new ClientId([(ulong)i + 1], 0), Address = new((ulong)i, (ulong)i) },
                Some.Page(Some.Style("/members.css")),
                security: null);
        }

        Assert.NotNull(_store.Find(Key("/a"), "", new HeaderDictionary(), isMember: true).Page);
        _store.Forget(Purged("site.test", "/a", isPrefix: false));
        Assert.Null(_store.Find(Key("/a"), "", new HeaderDictionary(), isMember: true).Page);
        Assert.Equal(0, _registry.Count);
    }

    [Theory]
    [InlineData("site.test", "/img/a.css?v=1", false, true)]
    [InlineData("site.test", "/img/", true, true)]
    [InlineData("", "", true, true)]
    [InlineData("site.test", "/img/a.css", false, false)]
    [InlineData("site.tes", "t/img/a.css?v=1", false, false)]
    [InlineData("other.test", "/", true, false)]
    public void A_resource_is_promised_again_whatever_the_client_has(string authority, string target, bool isPrefix, bool isForgotten)
    {
        _registry.Acquire(Css);
        var state = _registry.Find(Css)!;
        var version = new ResourceVersionState(new ResourceVersion(1), null, DateTimeOffset.MaxValue);
        _registry.Answered(state, new AnswerFacts
        {
            Type = "text/css",
            CanBeKept = true,
            Size = 10,
            CameWithoutCredentials = true,
            WithoutCredentials = 7,
            SameFor = [new ClientId([1], 0)],
        });
        _registry.Observe(state, version, namesOthers: true);
        _registry.Passed(state, version.Version, 1, isCoded: false);
        _registry.Exclude(state, ResourceSkip.Missing);
        var (changes, plans) = (_registry.Changes, _registry.Version);

        _registry.Forget(Purged(authority, target, isPrefix));
        Assert.NotEqual(plans, _registry.Version);
        Assert.Equal(isForgotten ? null : version, state.Version);
        Assert.Equal(isForgotten ? ResourceSkip.None : ResourceSkip.Missing, state.Excluded);
        Assert.Equal((isForgotten ? (ulong?)null : 7, isForgotten ? 0 : 1), (state.Answer!.WithoutCredentials, state.Answer.SameFor.Length));
        Assert.Equal(ResourceSkip.None, state.Answer.WhyNotTold(Analysis.ResourceKind.Style, 100));

        // What it names is read again, and what it contained is still compared.
        Assert.Equal(isForgotten, _registry.Changes > changes);
        Assert.True(state.Contents!.Knows(version.Version));
    }

    [Fact]
    public void That_a_resource_is_private_is_not_forgotten()
    {
        _registry.Acquire(Css);
        _registry.Exclude(_registry.Find(Css)!, ResourceSkip.PrivateResource);
        _registry.Forget(Purged("", "", isPrefix: true));
        Assert.Equal(ResourceSkip.PrivateResource, _registry.WhyExcluded(Css));
    }

    private static PurgedUrls Purged(string authority, string target, bool isPrefix) => new([new HttpCachePurged(authority, target, isPrefix)]);

    private static string PathOf(string url) => url.Split('?')[0];

    private static PageKey Key(string path) => new("route", "site.test", path);

    private static PageDescription Description(string url)
    {
        var query = url[PathOf(url).Length..];
        return Some.Description(Key(PathOf(url)), new HeaderDictionary()) with
        {
            Query = query,
            VariantKey = VariantKey.Of(query, new HeaderDictionary(), []),
        };
    }

    private void Learn(string url, string sheet)
    {
        _store.Learn(Description(url), 1, Some.Page(Some.Style(sheet)));
        _store.Recognises(Description(url) with { Connection = 2 }, 1);
    }

    private PageKnowledge Find(string url) =>
        _store.Find(Key(PathOf(url)), url[PathOf(url).Length..], new HeaderDictionary(), isPage: true);

    private bool IsTold(string url) => Find(url).Page?.HasNothingToTell == false;
}
