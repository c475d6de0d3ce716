using System.IO.Compression;
using System.Text;
using FsCheck.Xunit;
using Microsoft.Extensions.Primitives;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PushProxy.Tests.Learning;

public class ContentDecoderTests
{
    private static readonly byte[] Text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"<p>{i}</p>")));

    public static TheoryData<string, byte[]> Coded => new()
    {
        { "", Text },
        { "identity", Text },
        { "gzip", Code(s => new GZipStream(s, CompressionLevel.Fastest)) },
        { "X-GZIP", Code(s => new GZipStream(s, CompressionLevel.Fastest)) },
        { "br", Code(s => new BrotliStream(s, CompressionLevel.Fastest)) },
        { "zstd", Code(s => new CompressionStream(s, 3, leaveOpen: false)) },
        { "deflate", Code(s => new ZLibStream(s, CompressionLevel.Fastest)) },
        { "deflate", Code(s => new DeflateStream(s, CompressionLevel.Fastest)) },
    };

    [Theory]
    [MemberData(nameof(Coded))]
    public void Decodes_the_codings_of_http(string name, byte[] body)
    {
        var decoded = ContentDecoder.Decode(body, ContentDecoder.Parse(name)!.Value, 1 << 20, out var broken);
        Assert.False(broken);
        Assert.Equal(Text, decoded.ToArray());
    }

    [Theory]
    [MemberData(nameof(Coded))]
    public void Decodes_the_beginning_of_a_body(string name, byte[] body)
    {
        var decoded = ContentDecoder.Decode(body.AsMemory(0, body.Length / 2), ContentDecoder.Parse(name)!.Value, 1 << 20, out _).ToArray();
        Assert.True(decoded.Length > 1000);
        Assert.Equal(Text[..decoded.Length], decoded);
    }

    [Theory]
    [MemberData(nameof(Coded))]
    public void Stops_at_the_limit(string name, byte[] body) =>
        Assert.Equal(Text[..5000], ContentDecoder.Decode(body, ContentDecoder.Parse(name)!.Value, 5000, out _).ToArray());

    [Theory]
    [InlineData("dcz")]
    [InlineData("gzip, br")]
    [InlineData("aes128gcm")]
    public void Leaves_other_codings_alone(string name) => Assert.Null(ContentDecoder.Parse(name));

    [Fact]
    public void Leaves_two_fields_alone() => Assert.Null(ContentDecoder.Parse(new StringValues(["gzip", "br"])));

    [Fact]
    public void A_small_body_that_unfolds_into_gigabytes_is_cut_off()
    {
        using var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1 << 20];
            for (var i = 0; i < 256; i++)
            {
                gzip.Write(zeros);
            }
        }

        Assert.Equal(100_000, ContentDecoder.Decode(bomb.ToArray(), ContentCoding.Gzip, 100_000, out var broken).Length);
        Assert.False(broken);
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("zstd")]
    [InlineData("deflate")]
    public void Garbage_is_broken(string coding)
    {
        ContentDecoder.Decode("neither this nor that"u8.ToArray(), ContentDecoder.Parse(coding)!.Value, 1000, out var broken);
        Assert.True(broken);
    }

    [Theory]
    [InlineData(23, false)]
    [InlineData(27, true)]
    public void A_window_larger_than_clients_must_have_is_not_made(int log, bool isBroken)
    {
        // RFC 9659: a body in the coding zstd needs a window of at most 8 MiB. The frame must be longer, or the window is.
        using var coded = new MemoryStream();
        using (var stream = new CompressionStream(coded, 1, leaveOpen: true))
        {
            stream.SetParameter(ZSTD_cParameter.ZSTD_c_windowLog, log);
            for (var i = 0; i < 16; i++)
            {
                stream.Write(new byte[1 << 20]);
            }
        }

        ContentDecoder.Decode(coded.ToArray(), ContentCoding.Zstandard, 1000, out var broken);
        Assert.Equal(isBroken, broken);
    }

    [Property(MaxTest = 500)]
    public void Never_throws(byte[] body)
    {
        foreach (var coding in Enum.GetValues<ContentCoding>())
        {
            Assert.InRange(ContentDecoder.Decode(body, coding, 4096, out _).Length, 0, 4096);
        }
    }

    private static byte[] Code(Func<Stream, Stream> coder)
    {
        using var output = new MemoryStream();
        using (var stream = coder(output))
        {
            // As an origin sends a page that it is still making.
            foreach (var part in Text.Chunk(1000))
            {
                stream.Write(part);
                stream.Flush();
            }
        }

        return output.ToArray();
    }
}
