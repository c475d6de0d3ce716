using System.Text;
using PushProxy.Tests.Delivery;
using Xunit;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>Records that are not what this instance would have written.</summary>
public sealed class OtherRecordsTests : SharingCase
{
    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("\u0001more garbage")]
    [InlineData("\u0002of a newer version")]
    public void Records_that_are_not_valid_change_nothing(string text)
    {
        var a = Start();
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        foreach (var key in (string[])["p:00", "r:00", "s:00", "e:x:1", "secret:clients", "secret:other", "", ":", "z:1"])
        {
            a.Knowledge.Receive(new SharedRecord(key, Encoding.Latin1.GetBytes(text), TimeSpan.FromHours(1)));
        }

        Assert.Equal(["/a.css"], a.Own.Told("/a"));
    }

    [Fact]
    public void Records_that_were_changed_break_nothing()
    {
        var (a, b) = (Start(), Start());
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        a.Receive("/a", Some.Page(Some.Style("/a.css")), 2);
        a.ReceiveAsMember("/b", "cookie-of-alice", 1, "/all.css");
        Exchange();
        var random = new Random(5);
        foreach (var record in Place.Records.Values.Where(static r => !r.Key.StartsWith("secret", StringComparison.Ordinal)).ToList())
        {
            for (var round = 0; round < 200 && record.Value.Length > 1; round++)
            {
                var text = All[0].Texts.Unpack(record.Value.Span) ?? [];
                text[random.Next(text.Length)] = (byte)random.Next(32, 127);
                b.Knowledge.Receive(record with { Value = All[0].Texts.Pack(text) });
            }
        }

        b.Receive("/c", Some.Page(Some.Style("/c.css")), 1);
        b.Receive("/c", Some.Page(Some.Style("/c.css")), 2);
        Assert.Equal(["/c.css"], b.Own.Told("/c"));
    }

    [Fact]
    public void What_was_learned_by_other_limits_is_left_alone()
    {
        var (loose, strict) = (Start(new LearningOptions { NamedBy = 1 }), Start(new LearningOptions { NamedBy = 3 }));
        loose.Receive("/a", Some.Page(Some.Style("/a.css")), 1);
        Exchange();
        Assert.Equal(["/a.css"], loose.Own.Told("/a"));
        Assert.Empty(strict.Own.Told("/a"));
        Assert.Equal(loose.Clients.Key, strict.Clients.Key);
    }
}
