using PushProxy.Http2.Tests.Wire;
using Xunit;
using static PushProxy.Http2.Tests.Wire.WireFrame;

namespace PushProxy.Http2.Tests.Push;

/// <summary>
/// Whether a promise may still be made is asked once more when it is written. Kestrel as it is today reads too little ahead for
/// anything to change in between; a stand-in that answers when told shows that it would not matter.
/// </summary>
public class WritingTests
{
    private static readonly byte[] s_pingAck = new WireFrame("PING", Ack, 0, new byte[8]).ToBytes();

    public static TheoryData<string> Changes => ["push off", "no streams", "goaway", "reset", "server ended", "server reset"];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task What_changed_since_it_was_asked_for_prevents_a_promise(string change)
    {
        using var bench = new HandDriven(push: false, preface: true);
        bench.SendFromClient(Get(1, "/").ToBytes(), 1_000);
        var push = bench.Push(1).Push!;
        Assert.NotEmpty(bench.ReadAsKestrel(wait: true)); // our PING, which is not answered yet
        switch (change)
        {
            case "push off":
                bench.SendFromClient(Settings((2, 0)).ToBytes(), 100);
                break;
            case "no streams":
                bench.SendFromClient(Settings((3, 0)).ToBytes(), 100);
                break;
            case "goaway":
                bench.SendFromClient(GoAway().ToBytes(), 100);
                break;
            case "reset":
                bench.SendFromClient(Reset(1).ToBytes(), 100);
                break;
            default:
                // What Kestrel had begun before leaves first: the rest of a frame, and nothing comes between.
                bench.Connection.State.Streams.Apply(
                    bench.Connection.State.Streams.FindKestrel(1), change == "server ended" ? Streams.StreamEvent.ServerEnd : Streams.StreamEvent.Reset, remember: true);
                break;
        }

        Assert.Empty(bench.WriteFromServer(s_pingAck, 100));
        Assert.Equal(PushFate.NotPromised, (await push.Completion).Fate);
        Assert.Equal(0, bench.Connection.State.PushesInFlight);
        Assert.Empty(bench.ReadAsKestrel());
    }

    [Fact]
    public async Task A_hint_that_comes_too_late_is_not_written()
    {
        using var bench = new HandDriven(push: false, preface: true);
        bench.SendFromClient(Get(1, "/").ToBytes(), 1_000);
        var hint = bench.Connection.InformAsync(1, [0x08, 3, .. "103"u8]);
        Assert.NotEmpty(bench.ReadAsKestrel());
        bench.Connection.State.Streams[bench.Connection.State.Streams.FindKestrel(1)].FinalStarted = true;
        Assert.Empty(bench.WriteFromServer(s_pingAck, 100));
        Assert.Equal(InformationalOutcome.TooLate, await hint);
    }

    [Fact]
    public void Nothing_having_changed_it_is_written_in_place_of_the_answer()
    {
        using var bench = new HandDriven(push: false, preface: true);
        bench.SendFromClient(Get(1, "/").ToBytes(), 1_000);
        bench.Push(1);
        Assert.NotEmpty(bench.ReadAsKestrel(wait: true));
        var written = bench.WriteFromServer(s_pingAck, 100);
        Assert.Equal([5, 4], written[3..5]); // PUSH_PROMISE, END_HEADERS, and nothing else
        Assert.Equal(written.Length, 9 + written[2]);
        Assert.Equal([1, 5], bench.ReadAsKestrel()[3..5]); // HEADERS of the promised request
    }

    [Fact]
    public async Task A_client_that_resets_before_kestrel_was_asked_spares_it_the_request()
    {
        using var bench = new HandDriven(push: false, preface: true);
        bench.SendFromClient(Get(1, "/").ToBytes(), 1_000);
        var half = Get(3, "/");
        var push = bench.Push(1).Push!;
        bench.ReadAsKestrel(wait: true);
        bench.SendFromClient((half with { Flags = EndStream, Payload = half.Payload[..5] }).ToBytes(), 1_000); // holds our requests up
        Assert.NotEmpty(bench.WriteFromServer(s_pingAck, 100));
        var seen = bench.SendFromClient([.. new WireFrame("CONTINUATION", EndHeaders, 3, half.Payload[5..]).ToBytes(), .. Reset(2).ToBytes()], 10_000);
        Assert.Equal((PushFate.Cancelled, 8), ((await push.Completion).Fate, (await push.Completion).ErrorCode));
        Assert.Equal(0, bench.Connection.State.PushesInKestrel);
        Assert.NotEmpty(seen);
    }
}
