using PushProxy.Redis.Exchange;
using PushProxy.Redis.Tests.Support;
using Xunit;

namespace PushProxy.Redis.Tests.Exchange;

public class WaitingRecordsTests
{
    [Fact]
    public void What_was_not_put_comes_first_again_but_for_what_was_replaced()
    {
        var waiting = new WaitingRecords(10, 1000);
        Add(waiting, "a1", "b1", "c1", "d1");
        var taken = waiting.Take(3, 1000);
        Add(waiting, "b2", "e1");
        Assert.Equal((6, 12), waiting.Total);

        waiting.Done(taken[0]);
        waiting.GiveBack([taken[1], taken[2]]);

        Assert.Equal((4, 8), waiting.Total);
        Assert.Equal(["c1", "d1", "b2", "e1"], Take(waiting, 10, 1000));
    }

    [Fact]
    public void A_record_that_replaces_another_waits_behind_those_before_it()
    {
        var waiting = new WaitingRecords(10, 1000);
        Add(waiting, "a1", "b1", "a2");

        Assert.Equal((2, 4), waiting.Total);
        Assert.Equal(["b1", "a2"], Take(waiting, 10, 1000));
    }

    [Fact]
    public void A_batch_has_a_limit_in_bytes_and_always_one_record()
    {
        var waiting = new WaitingRecords(10, 1000);
        Add(waiting, "a-too-large", "b1", "c1", "d1");

        Assert.Equal(["a-too-large"], Take(waiting, 10, 5));
        Assert.Equal(["b1", "c1"], Take(waiting, 10, 5));
        Assert.Equal(["d1"], Take(waiting, 10, 5));
        Assert.Empty(Take(waiting, 10, 5));
        Assert.Equal((0, 0), waiting.Total);
    }

    [Fact]
    public void What_is_being_put_takes_room_until_it_was()
    {
        var waiting = new WaitingRecords(2, 1000);
        Add(waiting, "a1", "b1");
        var taken = waiting.Take(1, 1000);
        Assert.False(waiting.TryAdd(Record("c1")));
        Assert.True(waiting.IsSending(Record("a1")));
        Assert.False(waiting.IsSending(Record("a2")));
        Assert.False(waiting.IsSending(Record("b1")));

        waiting.Done(taken[0]);

        Assert.False(waiting.IsSending(Record("a1")));
        Assert.True(waiting.TryAdd(Record("c1")));
    }

    [Fact]
    public async Task A_record_that_breaks_the_promise_is_an_error_of_its_maker()
    {
        await using var one = new Instance("127.0.0.1:1");
        Assert.Throws<ArgumentException>(() => one.TryPut("", "v"));
        Assert.Throws<ArgumentException>(() => one.TryPut(new string('k', 129), "v"));
        Assert.Throws<ArgumentException>(() => one.TryPut("new\nline", "v"));
        Assert.Throws<ArgumentException>(() => one.TryPut("k\xE9", "v"));
        Assert.Throws<ArgumentException>(() => one.TryPut("k", new string('v', 1024 * 1024 + 1)));
        Assert.Throws<ArgumentException>(() => one.TryPut("k", "v", TimeSpan.Zero));
        Assert.Equal(0, one.Records.Waiting);
        one.Put(new string('~', 128), new string('v', 1024 * 1024));
        Assert.Equal(1, one.Records.Waiting);
    }

    private static void Add(WaitingRecords waiting, params string[] records) =>
        Assert.All(records, r => Assert.True(waiting.TryAdd(Record(r))));

    private static string[] Take(WaitingRecords waiting, int count, long bytes)
    {
        var taken = waiting.Take(count, bytes);
        taken.ForEach(waiting.Done);
        return [.. taken.Select(static r => r.Key + Receiver.Text(r))];
    }

    // The first character is the key.
    private static SharedRecord Record(string text) =>
        new(text[..1], System.Text.Encoding.ASCII.GetBytes(text[1..]), TimeSpan.FromMinutes(1));
}
