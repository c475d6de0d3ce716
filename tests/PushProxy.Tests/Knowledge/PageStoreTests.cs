using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Testing;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public sealed class PageStoreTests : IDisposable
{
    private readonly LearningOptions _options = new() { CacheBytes = 64 * 1024, Expiry = TimeSpan.FromMinutes(10) };
    private readonly FakeTimeProvider _time = new();
    private readonly ResourceRegistry _registry = new();
    private readonly PageStore _store;

    public PageStoreTests() => _store = new PageStore(_options, _registry, _time);

    public void Dispose() => _store.Dispose();

    [Fact]
    public void Finds_what_was_learned_for_that_route_host_and_path_alone()
    {
        Learn(Key("/a"), Some.Page(Some.Style("/a.css")));
        Assert.NotNull(Find(Key("/a")).Exact);
        Assert.Null(Find(Key("/b")).Path);
        Assert.Null(Find(Key("/a") with { Route = "other" }).Path);
        Assert.Null(Find(Key("/a") with { Authority = "other.test" }).Path);
    }

    [Fact]
    public async Task Never_takes_more_than_its_limit_and_forgets_the_resources_with_the_pages()
    {
        for (var i = 0; i < 5000; i++)
        {
            Learn(Key($"/{i}"), Some.Page(Some.Style($"/{i}.css"), Some.Script("/shared.js")));
            Assert.InRange(_store.Size, 0, _options.CacheBytes);
        }

        // Entries are evicted on other threads.
        await Eventually.TrueAsync(() => _registry.Count <= _store.Count + 1, Holds);
        Assert.InRange(_store.Count, 1, 100);
    }

    [Fact]
    public async Task A_page_nobody_asks_for_is_forgotten()
    {
        Learn(Key("/a"), Some.Page(Some.Style("/a.css")));
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(Find(Key("/a")).Exact);
        _time.Advance(TimeSpan.FromMinutes(9));
        Assert.NotNull(Find(Key("/a")).Exact);
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(Find(Key("/a")).Path);
        await Eventually.TrueAsync(() => _registry.Count == 0, Holds);
    }

    [Fact]
    public void A_changed_page_lets_go_of_what_only_the_old_one_named()
    {
        Learn(Key("/a"), Some.Page(Some.Style("/old.css"), Some.Style("/both.css")));
        Learn(Key("/a"), Some.Page(Some.Style("/new.css"), Some.Style("/both.css")), hash: 2);
        Assert.Equal(2, _registry.Count);
        var both = new Uri("https://site.test/both.css");
        _registry.Exclude(_registry.Find(both)!, ResourceSkip.Missing);
        Assert.Equal(ResourceSkip.Missing, _registry.WhyExcluded(both));
    }

    [Fact]
    public void A_page_that_starts_to_vary_is_learned_anew()
    {
        Learn(Key("/a"), Some.Page(Some.Style("/a.css")));
        var german = new HeaderDictionary { ["Accept-Language"] = "de" };
        string[] vary = ["accept-language"];
        _store.Learn(Some.Description(Key("/a"), german, vary), 2, Some.Page(Some.Style("/de.css")));
        Assert.NotNull(_store.Find(Key("/a"), "", german).Exact);
        Assert.Null(_store.Find(Key("/a"), "", new HeaderDictionary { ["Accept-Language"] = "en" }).Exact);
    }

    [Fact]
    public void A_page_too_large_for_the_cache_costs_nothing_else()
    {
        var huge = new PageAnalysis([.. Enumerable.Range(0, 64).Select(i => Some.Style($"/{i}{new string('x', 2000)}"))], []);
        Learn(Key("/small"), Some.Page(Some.Style("/a.css")));
        Learn(Key("/huge"), huge);
        Assert.Null(Find(Key("/huge")).Path);
    }

    [Fact]
    public void Authorization_counts_only_if_its_page_is_not_everyones()
    {
        var page = Some.Description(Key("/a"), new HeaderDictionary());
        Assert.False(_store.DiffersFromEveryones(page, 1));
        Learn(Key("/a"), Some.Page(Some.Style("/a.css")));
        Assert.False(_store.DiffersFromEveryones(page, 1));
        Assert.True(_store.DiffersFromEveryones(page, 2));

        // A page that strangers are refused is no stranger's.
        var refused = Some.Description(Key("/b"), new HeaderDictionary());
        Assert.False(_store.DiffersFromEveryones(refused, 1));
        _store.Refused(Key("/b"));
        Assert.True(_store.DiffersFromEveryones(refused, 1));
    }

    [Fact]
    public void Pages_of_one_address_become_a_template_when_somebody_else_receives_one_of_them()
    {
        ClientAddress one = new(1, 1), other = new(2, 2);
        for (var i = 0; i < 4; i++)
        {
            var page = Some.Description(Key($"/blog/{i}"), new HeaderDictionary()) with { Address = one };
            _store.Learn(page, 1, Some.Page(Some.Style("/a.css")));
        }

        Assert.Null(FindPage(Key("/blog/new")).Page);
        Assert.True(_store.Recognises(Some.Description(Key("/blog/0"), new HeaderDictionary()) with { Address = one }, 1));
        Assert.Null(FindPage(Key("/blog/new")).Page);
        var again = Some.Description(Key("/blog/0"), new HeaderDictionary()) with { Address = other, Connection = 2 };
        Assert.True(_store.Recognises(again, 1));
        Assert.NotNull(FindPage(Key("/blog/new")).Page);
    }

    [Fact]
    public void A_member_is_told_what_everyone_gets_until_a_member_was_sent_something_else()
    {
        Learn(Key("/a"), Some.Page(Some.Style("/guests.css")));
        Assert.NotNull(FindForMember(Key("/a")).Page);
        _store.LearnShared(
            Some.Description(Key("/a"), new HeaderDictionary()) with { Audience = Audience.Members, Client = new ClientId([1], 0) },
            Some.Page(Some.Style("/members.css")),
            security: null);
        Assert.Null(FindForMember(Key("/a")).Page);
        Assert.NotNull(Find(Key("/a")).Page);
    }

    [Fact]
    public void A_name_that_an_answer_lacks_is_told_again_when_enough_answers_had_it()
    {
        var (with, without) = (Some.Page(Some.Style("/a.css"), Some.Style("/b.css")), Some.Page(Some.Style("/a.css")));
        LearnFromTwo(with, 1);
        Assert.Equal(["/a.css", "/b.css"], Told());
        LearnFromTwo(without, 2);
        Assert.Equal(["/a.css"], Told());
        LearnFromTwo(with, 3);
        Assert.Equal(["/a.css"], Told());
        for (var i = 2; i < Steadiness.FirstRun; i++)
        {
            Assert.True(_store.Recognises(Some.Description(Key("/a"), new HeaderDictionary()), 3));
        }

        Assert.Equal(["/a.css", "/b.css"], Told());
        Assert.False(_store.KeepsChanging(Key("/a"), Some.Description(Key("/a"), new HeaderDictionary()).VariantKey));
    }

    private void LearnFromTwo(PageAnalysis analysis, uint hash)
    {
        Learn(Key("/a"), analysis, hash);
        _store.Recognises(Some.Description(Key("/a"), new HeaderDictionary()) with { Connection = 2 }, hash);
    }

    private IEnumerable<string> Told() => Find(Key("/a")).Page!.Told.Resources.Select(r => r.Url.AbsolutePath);

    private PageKnowledge FindForMember(PageKey key) => _store.Find(key, "", new HeaderDictionary(), isMember: true);

    private PageKnowledge FindPage(PageKey key) => _store.Find(key, "", new HeaderDictionary(), isPage: true);

    private static PageKey Key(string path) => new("route", "site.test", path);

    private PageKnowledge Find(PageKey key) => _store.Find(key, "", new HeaderDictionary());

    private void Learn(PageKey key, PageAnalysis analysis, uint hash = 1) =>
        _store.Learn(Some.Description(key, new HeaderDictionary()), hash, analysis);

    private string Holds() => $"The registry still holds {_registry.Count} resources, the store {_store.Count} pages.";
}
