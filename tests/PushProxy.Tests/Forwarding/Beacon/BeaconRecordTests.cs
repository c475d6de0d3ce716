using System.Globalization;
using System.Text;
using FsCheck.Xunit;
using PushProxy.Forwarding.Beacon;
using Xunit;

namespace PushProxy.Tests.Forwarding.Beacon;

public class BeaconRecordTests
{
    [Fact]
    public void A_record_is_read() => Assert.Equal(
        new BeaconRecord("/a%20b/", 812, 1020, 95, 40), BeaconRecord.Parse("812 1020 95 40 /a%20b/"u8));

    [Fact]
    public void What_the_browser_does_not_know_is_left_out()
    {
        Assert.Equal(new BeaconRecord("/", null, null, 95, null), BeaconRecord.Parse("- - 95 - /"u8));
        Assert.Equal(new BeaconRecord("/", 95, null, 95, null), BeaconRecord.Parse("95 - 95 - /"u8));
        Assert.Equal(new BeaconRecord("/", 0, 0, 0, 0), BeaconRecord.Parse("0 0 0 0 /"u8));
    }

    [Fact]
    public void Longer_times_count_as_a_minute() => Assert.Equal(
        new BeaconRecord("/", 60_000, 60_000, 60_000, 59_999), BeaconRecord.Parse("60001 99999999 60000 59999 /"u8));

    [Theory]
    [InlineData("")]
    [InlineData("812 1020 95 40")]
    [InlineData("812 1020 95 40 ")]
    [InlineData("812 1020 95 40 a")]
    [InlineData("812 1020 95 40 http://a/")]
    [InlineData("812 1020 95 40 /a b")]
    [InlineData("812 1020 95 40 /a\n")]
    [InlineData("812 1020 95 40 /\u00e4")]
    [InlineData("812  1020 95 40 /")]
    [InlineData(" 812 1020 95 40 /")]
    [InlineData("-812 1020 95 40 /")]
    [InlineData("+812 1020 95 40 /")]
    [InlineData("8e2 1020 95 40 /")]
    [InlineData("812.5 1020 95 40 /")]
    [InlineData("0x12 1020 95 40 /")]
    [InlineData("812 1020 95 999999999 /")]
    [InlineData("NaN 1020 95 40 /")]
    [InlineData("812 1020 - 40 /")]
    [InlineData("- - - - /")]
    public void What_is_no_record_is_not_read(string text) => Assert.Null(BeaconRecord.Parse(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("812 811 95 40 /")]
    [InlineData("94 1020 95 40 /")]
    [InlineData("812 1020 95 96 /")]
    [InlineData("- 1020 95 40 /")]
    [InlineData("0 0 60000 - /")]
    public void Times_that_cannot_be_are_not_read(string text) => Assert.Null(BeaconRecord.Parse(Encoding.UTF8.GetBytes(text)));

    [Property(MaxTest = 2000)]
    public void Any_bytes_are_read_or_not(byte[] bytes) => Check(bytes);

    [Property(MaxTest = 2000)]
    public void What_is_read_is_in_order_and_in_range(int fcp, int lcp, int ttfb, int interim, string path) => Check(
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{fcp} {lcp} {ttfb} {interim} /{path}")));

    [Fact]
    public void A_record_with_any_byte_changed_is_read_or_not()
    {
        var record = "812 1020 95 40 /a/b"u8.ToArray();
        for (var i = 0; i < record.Length; i++)
        {
            for (var b = 0; b < 256; b++)
            {
                var changed = record.ToArray();
                changed[i] = (byte)b;
                Check(changed);
            }
        }
    }

    private static void Check(byte[] text)
    {
        if (BeaconRecord.Parse(text) is { } read)
        {
            Assert.InRange(read.Ttfb!.Value, 0, BeaconRecord.MaxTime);
            Assert.InRange(read.Interim ?? 0, 0, read.Ttfb.Value);
            Assert.InRange(read.Fcp ?? BeaconRecord.MaxTime, read.Ttfb.Value, BeaconRecord.MaxTime);
            Assert.InRange(read.Lcp ?? BeaconRecord.MaxTime, read.Fcp ?? BeaconRecord.MaxTime, BeaconRecord.MaxTime);
            Assert.StartsWith("/", read.Path, StringComparison.Ordinal);
            Assert.DoesNotContain(read.Path, static c => c is <= ' ' or > '~');
        }
    }
}
