using System.Text;
using PushProxy.Server.Hosting;

namespace PushProxy.Server.Tests.Hosting;

public class ProxyHeaderTests
{
    private const string Signature = "0D0A0D0A000D0A515549540A";

    public static TheoryData<string, string?> Right => new()
    {
        { Text("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443\r\n"), "203.0.113.7:56324" },
        { Text("PROXY TCP6 2001:db8::7 2001:db8::1 1 65535\r\n"), "[2001:db8::7]:1" },
        { Text("PROXY UNKNOWN\r\n"), null },
        { Text("PROXY UNKNOWN ffff:f...f:ffff ffff:f...f:ffff 65535 65535\r\n"), null },
        { Signature + "2111000C" + "CB007107C0000201126701BB", "203.0.113.7:4711" },
        { Signature + "21110010" + "CB007107C0000201126701BB" + "04000101", "203.0.113.7:4711" },
        { Signature + "21210024" + "20010DB8000000000000000000000007" + "20010DB8000000000000000000000001" + "126701BB", "[2001:db8::7]:4711" },
        { Signature + "20000000", null },
        { Signature + "20110003" + "010203", null },
        { Signature + "21000000", null },
        // UDP, and a Unix socket.
        { Signature + "2112000C" + "CB007107C0000201126701BB", null },
        { Signature + "21310002" + "0000", null },
        { Signature + "21111000" + "CB007107C0000201126701BB" + new string('0', 2 * (4096 - 12)), "203.0.113.7:4711" },
    };

    [Theory]
    [MemberData(nameof(Right))]
    public void It_is_read_when_it_is_complete_whatever_follows(string hex, string? client)
    {
        var bytes = Convert.FromHexString(hex);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.True(ProxyHeader.TryRead(bytes.AsSpan(0, length), out var early));
            Assert.Null(early);
        }

        foreach (var rest in (byte[][])[[], "GET / HTTP/1.1\r\n"u8.ToArray(), [0x16, 3, 1, 0]])
        {
            Assert.True(ProxyHeader.TryRead([.. bytes, .. rest], out var header));
            Assert.Equal((bytes.Length, client), (header!.Length, header.Client?.ToString()));
        }
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("PROXY\r\n")]
    [InlineData("PROXY \r\n")]
    [InlineData("PROXY TCP4 203.0.113.7\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 56324 443 1\r\n")]
    [InlineData("PROXY TCP4  203.0.113.7 192.0.2.1 56324 443\r\n")]
    [InlineData("PROXY TCP4 2001:db8::7 2001:db8::1 1 2\r\n")]
    [InlineData("PROXY TCP6 203.0.113.7 192.0.2.1 1 2\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 2001:db8::1 1 2\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 65536 443\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 192.0.2.1 -1 443\r\n")]
    [InlineData("PROXY TCP4 name.test 192.0.2.1 1 443\r\n")]
    [InlineData("PROXY TCP4 1 192.0.2.1 1 443\r\n")]
    [InlineData("PROXY TCP4 203.0.113.7 1 1 443\r\n")]
    [InlineData("PROXY TCP5 203.0.113.7 192.0.2.1 1 443\r\n")]
    [InlineData("PROXY UNKNOWN 34567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456\r\n")]
    [InlineData("PROXY UNKNOWN 345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567")]
    [InlineData("proxy TCP4 203.0.113.7 192.0.2.1 56324 443\r\n")]
    public void A_line_that_is_none_is_refused(string line)
    {
        Assert.False(ProxyHeader.TryRead(Encoding.ASCII.GetBytes(line), out var header));
        Assert.Null(header);
    }

    [Theory]
    [InlineData("0D0A0D0A000D0A515549540B20000000")]
    // A version or command of its own, too short for its addresses, too long.
    [InlineData(Signature + "11000000")]
    [InlineData(Signature + "22000000")]
    [InlineData(Signature + "2111000B" + "CB007107C0000201126701")]
    [InlineData(Signature + "21210023" + "20010DB800000000000000000000000720010DB8000000000000000000000001126701")]
    [InlineData(Signature + "21111001")]
    [InlineData("160301")]
    public void A_block_that_is_none_is_refused(string hex)
    {
        Assert.False(ProxyHeader.TryRead(Convert.FromHexString(hex), out var header));
        Assert.Null(header);
    }

    private static string Text(string line) => Convert.ToHexString(Encoding.ASCII.GetBytes(line));
}
