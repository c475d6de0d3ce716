using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Saved;

/// <summary>What nobody may be told is not even in the file; what is told stays told.</summary>
public sealed class PrivacyTests : RestartCase
{
    [Fact]
    public async Task A_name_that_one_connection_alone_was_sent_is_not_in_the_file()
    {
        using (var before = Start())
        {
            before.Receive("/a", Some.Page(Some.Style("/all.css")));
            before.Receive("/a", Some.Page(Some.Style("/all.css"), Some.Style("/secret-7c1.css")), hash: 2, connections: 1);
            await before.SaveAsync();
            Assert.DoesNotContain("secret", Text(), StringComparison.Ordinal);
        }

        using var after = Start();
        Assert.Equal(["/all.css"], after.Told("/a"));

        // What is missing is read with the next answer.
        Assert.False(after.Pages.Recognises(Some.Description(Instance.Key("/a"), new HeaderDictionary()), 2));
    }

    [Fact]
    public async Task A_path_that_one_connection_alone_was_sent_is_not_in_the_file_even_if_its_neighbours_name_the_same()
    {
        using (var before = Start())
        {
            for (var i = 0; i < 4; i++)
            {
                before.Receive($"/reset/{i}", Some.Page(Some.Style("/all.css")));
            }

            before.Receive("/reset/token-9f3", Some.Page(Some.Style("/all.css")), connections: 1);
            Assert.Equal(["/all.css"], before.Told("/reset/token-9f3"));
            await before.SaveAsync();
            Assert.DoesNotContain("token-9f3", Text(), StringComparison.Ordinal);

            // With the second connection it is everybody's.
            before.Receive("/reset/token-9f3", Some.Page(Some.Style("/all.css")));
            await before.SaveAsync();
            Assert.Contains("token-9f3", Text(), StringComparison.Ordinal);
        }

        using var after = Start();
        Assert.Equal(["/all.css"], after.Told("/reset/token-9f3"));
    }

    [Fact]
    public async Task A_page_with_a_policy_of_its_visitors_own_is_not_in_the_file()
    {
        using var before = Start();
        var own = ContentSecurityPolicy.Of("default-src 'self'; report-uri /r?session=77aa", [])!;
        before.Receive("/a", Some.Page(Some.Style("/all.css")), security: own);
        Assert.True(before.Find("/a").Page!.Security!.MayBeTold || before.Find("/a").Page!.PolicyWitnesses is not null);
        before.Receive("/b", Some.Page(Some.Style("/all.css")), connections: 1, security: own);
        await before.SaveAsync();
        Assert.DoesNotContain("\"/b\"", Text(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_personal_pages_share_is_told_on_until_enough_clients_have_come_again()
    {
        using (var before = Start())
        {
            LearnMembers(before, 1, "/all.css", "/one.css");
            LearnMembers(before, 2, "/all.css", "/two.css");
            Assert.Equal(["/all.css"], ToldMembers(before));
            await before.SaveAsync();
            Assert.DoesNotContain("one.css", Text(), StringComparison.Ordinal);
        }

        using var after = Start();
        Assert.Equal(["/all.css"], ToldMembers(after));

        // One client's page takes nothing away, two clients' pages do.
        LearnMembers(after, 3, "/other.css");
        Assert.Equal(["/all.css"], ToldMembers(after));
        LearnMembers(after, 4, "/other.css");
        Assert.Equal(["/other.css"], ToldMembers(after));
    }

    [Fact]
    public async Task What_traffic_has_added_stays_and_what_few_have_requested_is_not_in_the_file()
    {
        using (var before = Start(new LearningOptions { TrafficAddresses = 1, TrafficViews = 2, HoldOutEvery = 1024 }))
        {
            before.Receive("/a", Some.Page(Some.Style("/a.css")));
            var (page, path) = (before.Find("/a").Page!, before.Find("/a").Path!);
            for (var i = 0; i < 8; i++)
            {
                View(before, page.Traffic!, path, i == 0 ? ["/a.css", "/font.css", "/rare.css"] : ["/a.css", "/font.css"]);
            }

            before.Pages.Apply(Instance.Key("/a"), path, page.Traffic!);
            Assert.Equal(["/font.css"], page.Traffic!.Verdict.Joined.Select(static r => r.Url.AbsolutePath));
            await before.SaveAsync();
            Assert.DoesNotContain("rare.css", Text(), StringComparison.Ordinal);
        }

        using var after = Start(new LearningOptions { TrafficAddresses = 1, TrafficViews = 2, HoldOutEvery = 1024 });
        var found = after.Find("/a").Page!;
        Assert.Equal(["/font.css"], found.Traffic!.Verdict.Joined.Select(static r => r.Url.AbsolutePath));
        Assert.NotNull(after.Resource("/font.css"));
    }

    private static void LearnMembers(Instance instance, ulong client, params string[] styles) => instance.Pages.LearnShared(
        Some.Description(Instance.Key("/a"), new HeaderDictionary()) with
        {
            Audience = Audience.Members,
            Client = new ClientId([client], 0) { Address = client },
            Address = new(client, client),
        },
        Some.Page([.. styles.Select(static s => Some.Style(s))]),
        security: null);

    private static IEnumerable<string> ToldMembers(Instance instance) =>
        instance.Find("/a", isMember: true).Page?.Analysis.Resources.Select(static r => r.Url.AbsolutePath) ?? [];

    private static void View(
        Instance instance, PageTraffic traffic, PushProxy.Knowledge.LearnedPath path, string[] asked)
    {
        var view = traffic.Begin(Instance.Key("/a"), path, new Nobody(), ("https", "site.test", "/a"), instance.Time.GetUtcNow(), 5)!;
        view.IsConfirmed = true;
        foreach (var target in asked)
        {
            view.Note(target, ResourceKind.Style, CrossOriginMode.None, mayJoin: true);
        }

        traffic.End(view, static _ => false);
    }

    private sealed class Nobody : IViewer
    {
        public CacheEvidence Has(ResourceKey resource, ResourceVersion current, DateTimeOffset now) => CacheEvidence.None;
    }
}
