using System.Text;
using PushProxy.Analysis.Encodings;

namespace PushProxy.Analysis.Tests.Encodings;

public class EncodingTests
{
    private const string Link = "<link rel=stylesheet href=/ä.css?ä>";

    [Theory]
    [InlineData("utf-8", "/%C3%A4.css?%C3%A4")]
    [InlineData("UTF8", "/%C3%A4.css?%C3%A4")]
    [InlineData("windows-1252", "/%C3%A4.css?%E4")]
    [InlineData("iso-8859-1", "/%C3%A4.css?%E4")]
    [InlineData("Latin1", "/%C3%A4.css?%E4")]
    [InlineData("iso-8859-15", "/%C3%A4.css?%E4")]
    [InlineData("utf-16le", "/%C3%A4.css?%C3%A4")]
    public void The_header_names_the_encoding_and_the_query_is_written_in_it(string charset, string expected)
    {
        var encoding = EncodingLabels.Find(charset)!;
        Assert.Equal(expected, Page.Paths(Analyze(encoding.GetBytes(Link), charset)));
    }

    [Theory]
    [InlineData("<meta charset=windows-1252>")]
    [InlineData("<META CHARSET='Windows-1252'/>")]
    [InlineData("<!-- <meta charset=utf-8> --><meta name=x content='charset=utf-8'><meta charset=windows-1252>")]
    [InlineData("<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>")]
    [InlineData("<meta content='text/html;charset = \"windows-1252\"' http-equiv=content-type>")]
    [InlineData("<a title='<meta charset=utf-8>'><meta charset=windows-1252>")]
    [InlineData("<!DOCTYPE html><?x?></x y='>'><meta charset=windows-1252>")]
    [InlineData("")]
    public void Without_a_header_a_meta_names_it_and_without_either_it_is_guessed(string meta) =>
        Assert.Equal("/%C3%A4.css?%E4", Page.Paths(Analyze(Encoding.Latin1.GetBytes(meta + Link), null)));

    [Fact]
    public void Valid_utf8_without_a_name_is_utf8_even_when_cut_inside_a_character() =>
        Assert.Equal("/%C3%A4.css?%C3%A4", Page.Paths(Analyze([.. Encoding.UTF8.GetBytes(Link), 0xE2, 0x82], null)));

    [Theory]
    [InlineData("<meta charset=utf-16>")]
    [InlineData("<meta charset=nonsense>")]
    public void What_a_meta_cannot_mean_is_not_taken_at_its_word(string meta) =>
        Assert.Equal("/%C3%A4.css?%C3%A4", Page.Paths(Analyze(Encoding.UTF8.GetBytes(meta + Link), null)));

    [Theory]
    [InlineData("nonsense")]
    [InlineData("")]
    [InlineData("utf-7")]
    [InlineData("\0")]
    [InlineData("x-user-defined")]
    [InlineData("ibm037")]
    public void An_unknown_charset_counts_as_none(string charset) =>
        Assert.Equal("/%C3%A4.css?%C3%A4", Page.Paths(Analyze(Encoding.UTF8.GetBytes(Link), charset)));

    [Fact]
    public void A_byte_order_mark_is_above_all()
    {
        foreach (var encoding in new[] { Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode })
        {
            Assert.Equal("/%C3%A4.css?%C3%A4", Page.Paths(Analyze([.. encoding.GetPreamble(), .. encoding.GetBytes(Link)], "windows-1252")));
        }
    }

    [Fact]
    public void What_the_encoding_lacks_is_a_character_reference() =>
        Assert.Equal("/?%26%2320013%3B", Page.Paths(Analyze("<link rel=stylesheet href='/?&#20013;'>"u8.ToArray(), "windows-1252")));

    [Fact]
    public void A_wrong_charset_spoils_no_ascii()
    {
        foreach (var charset in new[] { "utf-8", "windows-1251", "gbk", "shift_jis", "euc-kr", "big5", "iso-2022-jp" })
        {
            var html = Encoding.UTF8.GetBytes("<title>äöü 中文</title><link rel=stylesheet href=/a.css>");
            Assert.Equal("/a.css", Page.Paths(Analyze(html, charset)));
        }
    }

    [Fact]
    public void A_url_that_the_charset_garbles_is_left_out() =>
        Assert.Equal(AnalysisSkip.InvalidUrl, Assert.Single(Analyze("<script src='/a.js?\u8A9E'></script>"u8.ToArray(), "shift_jis").Skipped).Reason);

    private static PageAnalysis Analyze(byte[] html, string? charset) =>
        new PageAnalyzer().Analyze(html, Page.Address, charset, cancellation: TestContext.Current.CancellationToken);
}
