using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge;

public class SharedNeedsTests
{
    private static readonly TimeSpan MaxPause = TimeSpan.FromMinutes(1);
    private readonly SharedNeeds _needs = new(threshold: 2);
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch;

    [Fact]
    public void Nothing_of_one_client_is_told()
    {
        for (var i = 0; i < 5; i++)
        {
            Add(1, "/common.css", "/alice.css");
        }

        Assert.Null(_needs.Page);
        Assert.True(_needs.IsPartial);
    }

    [Fact]
    public void What_two_clients_have_in_common_is_told_and_nothing_else()
    {
        Add(1, "/common.css", "/alice.css");
        Add(2, "/common.css", "/bob.css");
        Assert.Equal(["/common.css"], Told());
        Assert.True(_needs.IsPartial);
        Add(3, "/common.css");
        Assert.Equal(["/common.css"], Told());
        Assert.False(_needs.IsPartial);
    }

    [Fact]
    public void Clients_that_may_be_one_count_as_one()
    {
        _needs.Add(new ClientId([1, 2], 0), Page("/a.css"), _ => false, _now, MaxPause);
        _needs.Add(new ClientId([2, 3], 0), Page("/a.css"), _ => false, _now, MaxPause);
        _needs.Add(default, Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Null(_needs.Page);
    }

    [Fact]
    public void What_everyone_gets_may_be_told_at_once()
    {
        _needs.Add(new ClientId([1], 0), Page("/public.css", "/alice.css"), name => name == NameKey.Of(Some.Style("/public.css")), _now, MaxPause);
        Assert.Equal(["/public.css"], Told());
    }

    [Fact]
    public void What_comes_and_goes_is_not_told()
    {
        Add(1, "/all.css", "/banner1.css");
        Add(2, "/all.css", "/banner1.css");
        Add(3, "/all.css", "/banner2.css");
        Assert.Equal(["/all.css", "/banner1.css"], Told());
        Add(4, "/all.css", "/banner1.css");
        Assert.Equal(["/all.css", "/banner1.css"], Told());
        Add(5, "/all.css", "/banner2.css");
        Assert.DoesNotContain("/banner1.css", Told());
        Add(6, "/all.css", "/banner1.css");
        Assert.Equal(["/all.css"], Told());
    }

    [Fact]
    public void What_is_new_in_a_new_version_is_told_once_two_have_it()
    {
        for (ulong client = 1; client < 6; client++)
        {
            Add(client, "/v1.css");
        }

        Add(6, "/v2.css");
        Assert.Equal(["/v1.css"], Told());
        Add(7, "/v2.css");
        Assert.Equal(["/v2.css"], Told());
    }

    [Fact]
    public void What_the_newest_pages_of_enough_clients_name_no_more_is_told_no_more()
    {
        Add(1, "/old.css");
        Add(2, "/old.css");
        Assert.Equal(["/old.css"], Told());

        // One client alone takes nothing away.
        Add(3, "/new.css");
        Add(3);
        Assert.Equal(["/old.css"], Told());
        Add(4, "/other.css");
        Assert.Null(_needs.Page);
    }

    [Fact]
    public void A_new_epoch_begins_to_count_anew()
    {
        Add(1, "/a.css");
        _needs.Add(new ClientId([2], 1), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Null(_needs.Page);
    }

    [Fact]
    public void No_more_than_a_few_pages_are_kept()
    {
        for (ulong i = 0; i < 1000; i++)
        {
            Add(i, $"/{i}.css");
        }

        Assert.InRange(_needs.Size, 1, 16 * 1024);
    }

    [Fact]
    public void It_looks_less_often_the_longer_nothing_changes_but_at_once_when_someone_new_comes_and_nothing_is_told()
    {
        Add(1, "/a.css");
        Assert.False(_needs.MayLearn(new ClientId([1], 0), _now));
        Assert.True(_needs.MayLearn(new ClientId([2], 0), _now));
        Add(2, "/a.css");
        Assert.False(_needs.MayLearn(new ClientId([3], 0), _now));
        _now += TimeSpan.FromSeconds(1);
        Assert.True(_needs.MayLearn(new ClientId([3], 0), _now));
        for (ulong i = 3; i < 20; i++)
        {
            Assert.Equal(LearnOutcome.Confirmed, Add(i, "/a.css"));
        }

        Assert.False(_needs.MayLearn(new ClientId([99], 0), _now + TimeSpan.FromSeconds(59)));
        Assert.True(_needs.MayLearn(new ClientId([99], 0), _now + MaxPause));
    }

    [Fact]
    public void Clients_at_one_address_are_not_enough_however_many()
    {
        var needs = new SharedNeeds(threshold: 2, addresses: 2);
        for (ulong i = 1; i < 20; i++)
        {
            needs.Add(At(i, address: 7), Page("/a.css"), _ => false, _now, MaxPause);
        }

        needs.Add(At(21, address: 0), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Null(needs.Page);
        needs.Add(At(30, address: 8), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.NotNull(needs.Page);
    }

    [Fact]
    public void A_client_at_two_addresses_is_one_client()
    {
        var needs = new SharedNeeds(threshold: 2, addresses: 2);
        needs.Add(At(1, address: 7), Page("/a.css"), _ => false, _now, MaxPause);
        needs.Add(At(1, address: 8), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Null(needs.Page);
    }

    [Fact]
    public void Newcomers_are_told_apart_by_address_alone()
    {
        var needs = new SharedNeeds(threshold: 2, addresses: 2, byAddress: true);
        for (ulong i = 1; i < 20; i++)
        {
            needs.Add(At(i, address: 7), Page("/a.css", "/evil.css"), _ => false, _now, MaxPause);
        }

        Assert.Null(needs.Page);
        needs.Add(At(20, address: 8), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Equal("/a.css", Assert.Single(needs.Page!.Analysis.Resources).Url.AbsolutePath);
    }

    [Fact]
    public void Who_comes_again_and_again_pushes_out_nobody_else()
    {
        var needs = new SharedNeeds(threshold: 2, addresses: 2);
        needs.Add(At(1, address: 7), Page("/a.css"), _ => false, _now, MaxPause);
        for (ulong i = 10; i < 100; i++)
        {
            needs.Add(At(i, address: 8), Page("/evil.css"), _ => false, _now, MaxPause);
        }

        needs.Add(At(2, address: 9), Page("/a.css"), _ => false, _now, MaxPause);
        Assert.Equal("/a.css", Assert.Single(needs.Page!.Analysis.Resources).Url.AbsolutePath);
    }

    [Fact]
    public void Policies_and_preconnects_of_one_client_are_told_to_nobody()
    {
        var needs = new SharedNeeds(threshold: 2, addresses: 2);
        needs.Add(At(1, address: 7), Secured("report-uri /user/alice", "https://alice.test"), _ => false, _now, MaxPause);
        needs.Add(At(2, address: 8), Secured("report-uri /user/bob", "https://bob.test"), _ => false, _now, MaxPause);
        Assert.False(needs.Page!.Security!.MayBeTold);
        Assert.Empty(needs.Page.Analysis.Preconnects);

        // Nor is what one response says later.
        needs.Page.Update("report-uri /user/carol", connection: 1, out _);
        Assert.DoesNotContain("carol", string.Join(' ', needs.Page.Security!.HeaderPolicies), StringComparison.Ordinal);

        needs.Add(At(3, address: 9), Secured("report-uri /user/bob", "https://bob.test"), _ => false, _now, MaxPause);
        Assert.True(needs.Page!.Security!.MayBeTold);
    }

    private static ClientId At(ulong client, ulong address) => new([client], 0) { Address = address, Proof = ClientProof.Shown };

    private static LearnedPage Secured(string policy, string preconnect) => new(
        new PageAnalysis([Some.Style("/a.css")], []) { Preconnects = [new PreconnectOrigin(preconnect, CrossOriginMode.None)] },
        ContentSecurityPolicy.Of(policy, []));

    private LearnOutcome Add(ulong client, params string[] sheets) =>
        _needs.Add(new ClientId([client], 0), Page(sheets), _ => false, _now, MaxPause);

    private static LearnedPage Page(params string[] sheets) => new(new PageAnalysis([.. sheets.Select(s => Some.Style(s))], [new SkippedResource("/private-skip", AnalysisSkip.InBody)]));

    private IEnumerable<string> Told()
    {
        Assert.Empty(_needs.Page!.Analysis.Skipped);
        return _needs.Page.Analysis.Resources.Select(r => r.Url.AbsolutePath);
    }
}
