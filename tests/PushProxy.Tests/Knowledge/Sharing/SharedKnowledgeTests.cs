using Microsoft.AspNetCore.Http;
using PushProxy.Knowledge.Sharing;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>Several instances know as one, and still nobody learns of another.</summary>
public sealed class SharedKnowledgeTests : SharingCase
{
    [Fact]
    public void A_page_that_one_has_learned_is_told_by_the_other()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        a.Own.Registry.Answered(a.Own.Resource("/a.css"), new AnswerFacts { Type = "text/css", CanBeKept = true, Size = 99, CameWithoutCredentials = true });
        Exchange();
        Assert.Equal(["/a.css"], b.Own.Told("/a"));
        Assert.Equal((99, false), (b.Own.Resource("/a.css").Size, b.Own.Resource("/a.css").NeedsAnswer));
    }

    [Fact]
    public void A_page_that_becomes_everybodys_after_a_while_is_told_by_the_other()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        Exchange();
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Assert.Equal(["/a.css"], b.Own.Told("/a"));
    }

    [Fact]
    public void Plans_of_a_page_that_is_told_because_of_others_are_made_anew()
    {
        var a = Start();
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();

        // It knows the page from one connection, and hears of it only now.
        var b = new Neighbour(new SharedPlace(), Time);
        b.Knowledge.Receive(Place.Records["secret:clients"]);
        b.Receive("/a", Some.Page(Some.Style("/a.css")), 3);
        Assert.Empty(b.Own.Told("/a"));
        var before = b.Own.Registry.Version;
        foreach (var record in Place.Records.Values.Where(static r => r.Key.StartsWith("p:", StringComparison.Ordinal)))
        {
            b.Knowledge.Receive(record);
        }

        Assert.Equal(["/a.css"], b.Own.Told("/a"));
        Assert.NotEqual(before, b.Own.Registry.Version);
        b.Dispose();
    }

    [Fact]
    public void What_comes_later_knows_it_too()
    {
        var a = Start();
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Assert.Equal(["/a.css"], Start().Own.Told("/a"));
    }

    [Fact]
    public void A_resource_that_one_has_seen_missing_is_told_by_nobody()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Time.Advance(TimeSpan.FromSeconds(1));
        a.Own.Registry.Exclude(a.Own.Resource("/a.css"), ResourceSkip.Missing);
        Exchange();
        Assert.Equal(ResourceSkip.Missing, b.Own.Registry.WhyExcluded(new Uri("https://site.test/a.css")));

        // And the other way round, when it is there again.
        Time.Advance(TimeSpan.FromSeconds(1));
        b.Own.Registry.Exclude(b.Own.Resource("/a.css"), ResourceSkip.None);
        Exchange();
        Assert.Equal(ResourceSkip.None, a.Own.Registry.WhyExcluded(new Uri("https://site.test/a.css")));
    }

    [Fact]
    public void Connections_of_all_instances_count_together()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/secret-5e1.css")), 1);
        Exchange();
        Assert.Empty(a.Own.Told("/a"));
        Assert.Empty(b.Own.Told("/a"));
        Assert.DoesNotContain("secret", Texts(), StringComparison.Ordinal);
        Assert.DoesNotContain("site.test", Texts(), StringComparison.Ordinal);

        // Only now it is everybody's.
        b.Receive("/a", Some.Page(Some.Style("/secret-5e1.css")), 2);
        Exchange();
        Assert.Equal(["/secret-5e1.css"], a.Own.Told("/a"));
        Assert.Equal(["/secret-5e1.css"], b.Own.Told("/a"));
        Assert.Equal(["/secret-5e1.css"], Start().Own.Told("/a"));
    }

    [Fact]
    public void What_only_one_of_two_was_sent_is_told_by_nobody()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/all.css"), Some.Style("/one-77.css")), 1);
        b.Receive("/a", Some.Page(Some.Style("/all.css"), Some.Style("/two-88.css")), 2);
        Exchange();
        Assert.Equal(["/all.css"], a.Own.Told("/a"));
        Assert.Equal(["/all.css"], b.Own.Told("/a"));
        Assert.Equal(["/all.css"], Start().Own.Told("/a"));
        Assert.DoesNotContain("one-77", Texts(), StringComparison.Ordinal);
        Assert.DoesNotContain("two-88", Texts(), StringComparison.Ordinal);
    }

    [Fact]
    public void One_client_at_both_counts_as_one()
    {
        var (a, b) = (Start(), Start());
        a.ReceiveAsMember("/a", "cookie-of-alice", 1, "/all.css", "/alice.css");
        Exchange();
        b.ReceiveAsMember("/a", "cookie-of-alice", 2, "/all.css", "/alice.css");
        Exchange();
        Assert.Null(b.Own.Find("/a", isMember: true).Page);
        Assert.Null(a.Own.Find("/a", isMember: true).Page);

        b.ReceiveAsMember("/a", "cookie-of-bob", 3, "/all.css", "/bob.css");
        Exchange();
        Assert.Equal(["/all.css"], Members(a));
        Assert.Equal(["/all.css"], Members(b));
        foreach (var word in (string[])["alice", "bob", "cookie"])
        {
            Assert.DoesNotContain(word, Texts(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_client_whose_cookie_is_renewed_at_one_is_the_same_at_the_other()
    {
        var (a, b) = (Start(), Start());
        a.ReceiveAsMember("/a", "cookie-of-alice", 1, "/all.css");
        a.Clients.Renew(a.Clients.Of(new HeaderDictionary { ["Cookie"] = "session=cookie-of-alice" }), "session=another-of-alice");
        Exchange();
        b.ReceiveAsMember("/a", "another-of-alice", 2, "/all.css");
        Exchange();
        Assert.Null(b.Own.Find("/a", isMember: true).Page);
        Assert.Null(a.Own.Find("/a", isMember: true).Page);
    }

    [Fact]
    public void A_cookie_that_the_origin_has_set_at_one_is_no_invention_at_the_other()
    {
        var (a, b) = (Start(), Start());
        a.Clients.Issue("session=cookie-of-alice");
        Exchange();
        Assert.Equal(ClientProof.Shown, b.Clients.Of(new HeaderDictionary { ["Cookie"] = "session=cookie-of-alice" }).Proof);
        Assert.Equal(ClientProof.None, b.Clients.Of(new HeaderDictionary { ["Cookie"] = "session=cookie-of-carol" }).Proof);
    }

    [Fact]
    public void All_tell_clients_apart_by_one_key_and_what_was_counted_by_another_is_forgotten()
    {
        var a = Start();
        Exchange();
        var b = new Neighbour(new SharedPlace(), Time);
        b.Receive("/alone", Some.Page(Some.Style("/a.css")), 1);
        Assert.NotEqual(a.Clients.Key, b.Clients.Key);
        b.Knowledge.Receive(Place.Records[SharedKnowledge.ClientKeyName]);
        Assert.Equal(a.Clients.Key, b.Clients.Key);
        Assert.Empty(b.Own.Told("/alone"));
        b.Dispose();
    }

    [Fact]
    public void A_purge_at_one_is_a_purge_at_all()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Assert.NotEmpty(b.Own.Told("/a"));
        Time.Advance(TimeSpan.FromSeconds(1));
        a.Purge.All();
        Exchange();
        Assert.Empty(a.Own.Told("/a"));
        Assert.Empty(b.Own.Told("/a"));

        // Nor does one that comes later know it.
        Assert.Empty(Start().Own.Told("/a"));
    }

    [Fact]
    public void What_the_place_has_lost_is_put_again()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Place.Empty();
        Exchange();
        Assert.Equal(["/a.css"], Start().Own.Told("/a"));
        Assert.Equal(a.Clients.Key, b.Clients.Key);
    }

    [Fact]
    public void What_was_learned_while_the_place_was_gone_is_told_when_it_is_back()
    {
        var (a, b) = (Start(), Start());
        Exchange();
        a.Access.IsConnected = false;
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        Exchange();
        Assert.Empty(b.Own.Told("/a"));
        a.Access.IsConnected = true;
        a.Access.IsFull = true;
        Exchange();
        Assert.Empty(b.Own.Told("/a"));
        a.Access.IsFull = false;
        Exchange();
        Assert.Equal(["/a.css"], b.Own.Told("/a"));
    }

    [Fact]
    public void Nothing_is_told_again_that_all_know()
    {
        Start();
        Start();
        Start();
        for (ulong i = 1; i < 40; i++)
        {
            All[(int)(i % 3)].Receive($"/{i % 7}", Some.Page(Some.Style($"/{i % 5}.css"), Some.Style("/all.css")), i, (uint)(i % 4));
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        Exchange();
        foreach (var path in Enumerable.Range(0, 7).Select(static i => $"/{i}"))
        {
            Assert.Equal(All[0].Own.Told(path), All[1].Own.Told(path));
            Assert.Equal(All[0].Own.Told(path), All[2].Own.Told(path));
        }

        // However often they look at what they know.
        foreach (var path in Enumerable.Range(0, 7).Select(static i => $"/{i}"))
        {
            All.ForEach(n => n.Receive(path, Some.Page(Some.Style("/all.css")), 1));
        }

        Exchange();
        All.ForEach(static n => n.Tell());
        Assert.Equal(0, Place.Deliver());
    }
}
