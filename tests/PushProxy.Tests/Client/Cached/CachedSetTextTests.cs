using PushProxy.Client.Cached;
using PushProxy.Model;
using Xunit;
using static PushProxy.Tests.Client.Cached.Cookies;

namespace PushProxy.Tests.Client.Cached;

public class CachedSetTextTests
{
    private const int Texts = 100_000;

    [Fact]
    public void Is_what_the_format_says()
    {
        // One group: 00000001 | check | 1 | minutes, 26 bits | count 1: 1 | gap, 1 and 15 bits.
        var text = Add("", [(new ResourceVersion(0x1234ul << 48), Now.AddMinutes(7))]);
        var bytes = System.Buffers.Text.Base64Url.DecodeFromChars(text);
        var minutes = (uint)(Now.AddMinutes(7) - new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMinutes;
        var bits = "1" + Convert.ToString(minutes, 2).PadLeft(26, '0') + "1" + "1" + Convert.ToString(0x1234, 2).PadLeft(15, '0');
        Assert.Equal(1, bytes[0]);
        Assert.Equal(bits.PadRight(48, '0'), string.Concat(bytes[3..].Select(b => Convert.ToString(b, 2).PadLeft(8, '0'))));
    }

    [Fact]
    public void Arbitrary_texts_are_told_from_ours_and_none_throws()
    {
        var random = new Random(5);
        var readable = 0;
        for (var i = 0; i < Texts; i++)
        {
            var chars = new char[random.Next(1, 1200)];
            for (var at = 0; at < chars.Length; at++)
            {
                chars[at] = i % 2 == 0 ? (char)random.Next(0x10000) : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"[random.Next(64)];
            }

            readable += IsReadable(new string(chars)) ? 1 : 0;
        }

        Assert.Equal(0, readable);
    }

    /// <summary>One in 65,536 has the right check by chance; most of those are no entries.</summary>
    [Fact]
    public void Changed_texts_are_told_from_ours_and_none_throws()
    {
        var random = new Random(6);
        var (readable, changed) = (0, 0);
        for (var i = 0; i < Texts; i++)
        {
            var text = Of(random.Next(1, CachedSet.MaxEntries), TimeSpan.FromMinutes(random.Next(1, 500_000)));
            var chars = text.ToList();
            for (var edits = random.Next(1, 4); edits > 0 && chars.Count > 0; edits--)
            {
                var at = random.Next(chars.Count);
                switch (random.Next(4))
                {
                    case 0: chars[at] = text[random.Next(text.Length)]; break;
                    case 1: chars.RemoveAt(at); break;
                    case 2: chars.Insert(at, text[random.Next(text.Length)]); break;
                    default: chars.RemoveRange(at, chars.Count - at); break;
                }
            }

            var mutated = string.Concat(chars);
            if (mutated.Length > 0 && mutated != text)
            {
                changed++;
                readable += IsReadable(mutated) ? 1 : 0;
            }
        }

        Assert.InRange(changed, Texts / 2, Texts);
        Assert.InRange(readable, 0, 10);
    }

    /// <summary>Whoever makes the check fit, to whatever end, has done no more than said what the browser has.</summary>
    [Fact]
    public void Texts_with_the_right_check_do_not_throw_either()
    {
        var random = new Random(7);
        Span<byte> bytes = stackalloc byte[CachedSetFormat.MaxBytes];
        Span<char> text = stackalloc char[CachedSetFormat.MaxTextLength];
        Span<uint> room = stackalloc uint[CachedSet.Room];
        for (var i = 0; i < Texts; i++)
        {
            var length = random.Next(4, i % 10 == 0 ? bytes.Length : 40);
            random.NextBytes(bytes);

            // Half begin like ours do, and go on as they like.
            if (i % 2 == 0)
            {
                bytes[3] = (byte)(0x80 | (bytes[3] & 0x01));
            }

            bytes[0] = CachedSetFormat.Version;
            System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(bytes[1..], CachedSetFormat.Check(bytes[3..length]));
            var written = System.Buffers.Text.Base64Url.EncodeToChars(bytes[..length], text);
            var set = CachedSetReader.Read(text[..written], Now, room, CachedSet.MaxEntries);
            Assert.InRange(set.Count, 0, CachedSet.MaxEntries);

            // What comes of it can be written.
            set.Add(Version(i), CoarseTime.Of(Now.AddDays(3), Now));
            Assert.True(set.Contains(Version(i)));
            Assert.True(CachedSetWriter.Write(set, text) > 0);
        }
    }

    [Theory]
    [InlineData("AA")]
    [InlineData("AQAA")]
    [InlineData("AgAAAAAA")]
    [InlineData("\0")]
    [InlineData("%41%42")]
    public void What_can_not_be_read_is_to_be_replaced(string text)
    {
        var set = CachedSetReader.Read(text, Now, stackalloc uint[CachedSet.Room], CachedSet.MaxEntries);
        Assert.True(set.HasChanged);
        Assert.Equal(0, set.Count);
    }

    /// <summary>Bits after the header, with the right check: two groups of one entry each, and what is wrong with others.</summary>
    [Theory]
    [InlineData("010 11111111111111111111111111 1 1000000000000000 00000 1 1 1000000000000000", false, "an expiry far off")]
    [InlineData("010 NOW 1 1000000000000000 00000 0001010 1 1000000000000000", true, "")]
    [InlineData("010 NOW 1 1000000000000000 00000 0001010 1 1000000000000000 00000000", false, "a byte too many")]
    [InlineData("010 NOW 1 1000000000000000 00000 0001010 1 1000000000000000 1", false, "a bit too many")]
    [InlineData("010 NOW 1 1000000000000000", false, "one group too few")]
    [InlineData("1 NOW 1 1000000000000000", true, "")]
    [InlineData("1 NOW 1 01111111111111111", true, "")]
    [InlineData("1 NOW 1 001000000000000000", false, "a hash beyond 16 bits")]
    [InlineData("1 NOW 010 100000000000000", false, "one entry too few")]
    [InlineData("1 NOW 010 0111111111111111 0111111111111111", true, "")]
    [InlineData("1 NOW 010 0111111111111111 00100000000000000", false, "a gap beyond 16 bits")]
    [InlineData("1 NOW 0000000000000000000000000000000000000001", false, "more entries than there are numbers")]
    [InlineData("00000000000000000000000000000000001", false, "more groups than there are numbers")]
    [InlineData("1", false, "no expiry")]
    public void Only_well_formed_entries_are_read(string bits, bool isReadable, string why)
    {
        // In two minutes; a group ten minutes later. With one entry a gap has 15 bits as they are, with two 14.
        var soon = CoarseTime.MinutesAt(Now) + 2;
        bits = bits.Replace("NOW", Convert.ToString(soon, 2).PadLeft(26, '0'), StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);
        var bytes = bits.Chunk(8).Select(b => Convert.ToByte(new string(b).PadRight(8, '0'), 2)).ToArray();
        Assert.True(isReadable == IsReadable(Text(bytes)), why);
    }

    [Theory]
    [InlineData(CachedSetFormat.MaxBytes)]
    [InlineData(CachedSetFormat.MaxBytes + 1)]
    [InlineData(CachedSetFormat.MaxBytes + 8)]
    [InlineData(CachedSetFormat.MaxBytes * 3)]
    public void A_text_that_is_too_long_is_not_read(int bytes) => Assert.False(IsReadable(Text(new byte[bytes - CachedSetFormat.HeaderBytes])));

    [Fact]
    public void An_expiry_that_nobody_gave_is_not_believed()
    {
        var text = Add("", [(Version(1), Now.AddDays(365))]);
        Assert.Equal(1, Count(text));
        Assert.Equal(0, Count(text, Now.AddDays(-60)));
    }

    private static string Text(byte[] entries)
    {
        var check = CachedSetFormat.Check(entries);
        return System.Buffers.Text.Base64Url.EncodeToString([CachedSetFormat.Version, (byte)(check >> 8), (byte)check, .. entries]);
    }
}
