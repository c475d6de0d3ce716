using System.Text;
using PushProxy.Analysis.Shells;

namespace PushProxy.Analysis.Tests.Shells;

public class ShellEncodingTests
{
    private static readonly Lazy<EncodingProvider> CodePages = new(() => CodePagesEncodingProvider.Instance);

    [Theory]
    [InlineData("utf-8", "日本語 ü 😀")]
    [InlineData("shift_jis", "日本語ソ能表")]
    [InlineData("gbk", "中文字符")]
    [InlineData("gb18030", "中文ü😀")]
    [InlineData("big5", "中文字許功蓋")]
    [InlineData("euc-jp", "日本語")]
    [InlineData("euc-kr", "한국어")]
    public void No_character_is_split_wherever_the_pages_differ(string charset, string text)
    {
        var encoding = CodePages.Value.GetEncoding(charset == "gbk" ? "gb2312" : charset) ?? Encoding.GetEncoding(charset);
        var html = $"<p title='{text}'>{text}</p><title>{text}</title><b>{text}";
        var bytes = encoding.GetBytes(html);
        for (var length = 0; length <= bytes.Length; length++)
        {
            var cut = ShellCut.Of(bytes.AsSpan(0, length), charset);
            Assert.Equal(ShellEnd.Given, cut.End);
            var shell = encoding.GetString(bytes, 0, cut.Length);
            Assert.StartsWith(shell, html, StringComparison.Ordinal);
            Assert.True(shell.Length == 0 || shell[^1] == '>');
        }

        Assert.Equal(html[..(html.LastIndexOf('>') + 1)], encoding.GetString(bytes, 0, ShellCut.Of(bytes, charset).Length));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16le")]
    [InlineData("utf-16be")]
    [InlineData("iso-2022-jp")]
    [InlineData("csiso2022jp")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("klingon")]
    public void There_is_none_in_an_encoding_that_is_unknown_or_cannot_be_cut(string? charset) =>
        Assert.Equal(new ShellCut(0, ShellEnd.Encoding, false), ShellCut.Of("<html><head><p>"u8, charset));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void There_is_none_in_utf_16_even_if_only_the_mark_says_so(bool isBigEndian)
    {
        var encoding = new UnicodeEncoding(isBigEndian, byteOrderMark: true);
        byte[] page = [.. encoding.GetPreamble(), .. encoding.GetBytes("<html><meta charset=utf-8><p>")];
        Assert.Equal(new ShellCut(0, ShellEnd.Encoding, false), ShellCut.Of(page, "utf-8"));
    }

    [Theory]
    [InlineData("<html><head><meta charset=utf-8><p>")]
    [InlineData("<html><head><meta http-equiv=content-type content='text/html; charset=windows-1252'><p>")]
    [InlineData("\uFEFF<html><head><p>")]
    public void The_shell_itself_may_state_it(string html)
    {
        var bytes = Encoding.UTF8.GetBytes(html);
        Assert.Equal(new ShellCut(bytes.Length, ShellEnd.Given, false), ShellCut.Of(bytes, null));
    }

    [Theory]
    [InlineData("<html><head><meta charset=iso-2022-jp><p>")]
    [InlineData("<html><head><p><template><meta charset=utf-8>")]
    [InlineData("<html><head><p><meta charset=utf-8")]
    public void It_is_not_stated_behind_the_shell(string html) =>
        Assert.Equal(new ShellCut(0, ShellEnd.Encoding, false), ShellCut.Of(Encoding.UTF8.GetBytes(html), null));

    [Fact]
    public void What_a_browser_does_not_look_for_any_more_is_not_stated()
    {
        var late = Encoding.UTF8.GetBytes("<html><head>" + new string(' ', 1024) + "<meta charset=utf-8><p>");
        Assert.Equal(new ShellCut(0, ShellEnd.Encoding, false), ShellCut.Of(late, null));
        Assert.Equal(late.Length, ShellCut.Of(late, "utf-8").Length);
    }
}
