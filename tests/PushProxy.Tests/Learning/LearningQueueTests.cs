using System.Net;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Learning;

/// <summary>Who waits for whom: nobody for a client or a host that wants too much.</summary>
public class LearningQueueTests
{
    private const int Places = 8;

    private readonly FakeTimeProvider _time = new();
    private readonly CopyBudget _budget;
    private readonly Spending _spending;
    private readonly LearningQueue _queue;

    public LearningQueueTests()
    {
        var options = new LearningOptions { MaxQueuedPages = Places, MaxPagesInProgress = 64 };
        _budget = new CopyBudget(options, _time);
        _spending = new Spending(_time);
        _queue = new LearningQueue(options, _spending);
    }

    [Theory]
    [InlineData("/search?q=", "")]
    [InlineData("/", "")]
    [InlineData("/", ".other.test")]
    public async Task A_flood_of_new_urls_by_one_client_does_not_crowd_out_another(string path, string host)
    {
        for (var i = 0; i < 500; i++)
        {
            Add("10.0.0.1", path + i, host.Length > 0 ? i + host : "site.test");
        }

        Assert.Equal(Places, _queue.Count);
        Assert.Null(Dropped("10.0.1.1", "/wanted"));
        Assert.Equal(Places, _queue.Count);

        // Whoever floods has had his turns, so the other is next.
        _spending.Charge(new Party(Group("10.0.0.1"), host.Length > 0 ? 0 + host : "site.test"), TimeSpan.FromSeconds(1));
        Assert.Equal("/wanted", (await TakeAsync()).Page.Key.Path);
    }

    [Fact]
    public async Task A_flood_of_new_urls_does_not_delay_known_pages_even_of_the_same_client()
    {
        for (var i = 0; i < 500; i++)
        {
            Add("10.0.0.1", $"/{i}");
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.Null(Dropped("10.0.0.1", $"/known/{i}", isKnown: true));
        }

        var order = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            order.Add((await TakeAsync()).Page.Key.Path);
        }

        Assert.Equal(["/known/0", "/known/1", "/known/2"], order.Where(path => path.StartsWith("/known", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Known_pages_that_always_change_do_not_delay_new_ones_for_ever()
    {
        for (var i = 0; i < 500; i++)
        {
            Add("10.0.0.1", $"/known/{i}", isKnown: true);
        }

        Assert.Null(Dropped("10.0.1.1", "/new"));
        var first = await TakeAsync();
        var second = await TakeAsync();
        Assert.Contains("/new", new[] { first.Page.Key.Path, second.Page.Key.Path });
    }

    [Fact]
    public async Task One_hosts_pages_do_not_delay_another_hosts_even_if_all_clients_have_one_address()
    {
        for (var i = 0; i < 4; i++)
        {
            Add("10.0.0.1", $"/{i}", "busy.test");
        }

        Add("10.0.0.1", "/", "quiet.test");
        _spending.Charge(new Party(Group("10.0.0.1"), "busy.test"), TimeSpan.FromSeconds(1));
        Assert.Equal("quiet.test", (await TakeAsync()).Page.Key.Authority);
    }

    [Fact]
    public async Task What_was_spent_long_ago_counts_no_more()
    {
        _spending.Charge(new Party(Group("10.0.0.1"), "a.test"), TimeSpan.FromSeconds(2));
        _time.Advance(TimeSpan.FromMinutes(5));
        _spending.Charge(new Party(Group("10.0.1.1"), "b.test"), TimeSpan.FromSeconds(1));
        Add("10.0.1.1", "/", "b.test");
        Add("10.0.0.1", "/", "a.test");
        Assert.Equal("a.test", (await TakeAsync()).Page.Key.Authority);
    }

    [Fact]
    public async Task Pages_of_the_same_claim_come_in_their_order()
    {
        for (var i = 0; i < 4; i++)
        {
            Add("10.0.0.1", $"/{i}");
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal($"/{i}", (await TakeAsync()).Page.Key.Path);
        }
    }

    [Fact]
    public async Task The_same_page_waits_once_and_as_long_as_the_best_claim_says()
    {
        _spending.Charge(new Party(Group("10.0.0.1"), "site.test"), TimeSpan.FromSeconds(1));
        Add("10.0.0.1", "/wanted");
        Add("10.0.1.1", "/wanted");
        Add("10.0.1.1", "/wanted");
        Assert.Equal(1, _queue.Count);
        var job = await TakeAsync();
        Assert.Equal(Group("10.0.1.1"), job.Party.Client);

        // And not while it is being analysed.
        Add("10.0.2.1", "/wanted");
        Assert.Equal(0, _queue.Count);
        _queue.Done(job);
        Assert.Equal(0, _budget.Used);
    }

    [Fact]
    public async Task One_client_at_one_host_does_not_take_all_places_in_progress()
    {
        var queue = new LearningQueue(new LearningOptions { MaxPagesInProgress = 8 }, _spending);
        for (var i = 0; i < 20; i++)
        {
            queue.Add(Job("10.0.0.1", $"/{i}"));
        }

        var first = await queue.TakeAsync(TestContext.Current.CancellationToken);
        await queue.TakeAsync(TestContext.Current.CancellationToken);
        var waiting = queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(waiting.IsCompleted);
        queue.Add(Job("10.0.1.1", "/other"));
        Assert.Equal("/other", (await waiting).Page.Key.Path);
        var next = queue.TakeAsync(TestContext.Current.CancellationToken).AsTask();
        Assert.False(next.IsCompleted);
        queue.Done(first);
        Assert.Equal("/2", (await next).Page.Key.Path);
    }

    [Fact]
    public async Task A_copy_that_was_given_up_is_passed_over_and_makes_room_first()
    {
        var lost = Job("10.0.0.1", "/lost");
        _queue.Add(lost);
        lost.Copy.TryGiveUp(PageSkip.Busy);
        for (var i = 0; i < Places - 1; i++)
        {
            Add("10.0.0.1", $"/{i}");
        }

        Assert.Same(lost, _queue.Add(Job("10.0.0.1", "/more")));
        Assert.Equal("/0", (await TakeAsync()).Page.Key.Path);
    }

    private static AddressPrefix Group(string address) => AddressPrefix.NetworkOf(IPAddress.Parse(address));

    private async Task<LearnJob> TakeAsync() => await _queue.TakeAsync(TestContext.Current.CancellationToken);

    private void Add(string client, string path, string host = "site.test", bool isKnown = false) => _queue.Add(Job(client, path, host, isKnown))?.Copy.Dispose();

    // The path of the added job, if it is the one for which there is no room.
    private string? Dropped(string client, string path, bool isKnown = false)
    {
        var job = Job(client, path, isKnown: isKnown);
        return _queue.Add(job) == job ? path : null;
    }

    private LearnJob Job(string client, string path, string host = "site.test", bool isKnown = false)
    {
        var copy = new PageCopy(_budget, 1000, Group(client), client);
        copy.Append("page"u8);
        var page = new PageDescription(new PageKey("all", host, path), "https", "", [], 0, null, ContentCoding.Identity, "text/html");
        return new LearnJob(page, copy, 1) { IsKnown = isKnown };
    }
}
