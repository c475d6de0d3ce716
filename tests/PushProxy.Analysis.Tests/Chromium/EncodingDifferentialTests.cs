using System.Text;
using PushProxy.Analysis.Encodings;

namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>The encoding decides how the query of a URL is written; Chromium says which one it took.</summary>
[Collection(nameof(Browser))]
public class EncodingDifferentialTests(Browser browser)
{
    public static TheoryData<string, string, string> Pages { get; } = new()
    {
        { "text/html; charset=utf-8", "utf-8", "" },
        { "text/html; charset=windows-1252", "windows-1252", "" },
        { "text/html; charset=windows-1252", "windows-1252", "<meta charset=utf-8>" },
        { "text/html; charset=iso-8859-1", "windows-1252", "" },
        { "text/html; charset=windows-1250", "windows-1250", "" },
        { "text/html; charset=koi8-r", "koi8-r", "" },
        { "text/html; charset=gbk", "gbk", "" },
        { "text/html; charset=big5", "big5", "" },
        { "text/html; charset=euc-kr", "euc-kr", "" },
        { "text/html; charset=shift_jis", "shift_jis", "" },
        { "text/html; charset=euc-jp", "euc-jp", "" },
        { "text/html; charset=utf-16le", "utf-16", "" },
        { "text/html; charset=gb18030", "gb18030", "" },
        { "text/html", "windows-1252", "<meta charset=windows-1252>" },
        { "text/html", "windows-1252", "<meta http-equiv=content-type content='text/html; charset=latin1'>" },
        { "text/html", "utf-8", "<meta charset=utf-16>" },
        { "text/html; charset=nonsense", "utf-8", "<meta charset=utf-8>" },
    };

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Urls_are_written_as_chromium_writes_them(string contentType, string encoding, string meta)
    {
        var html = "<!DOCTYPE html>" + meta + "<link rel=stylesheet href='a.css?äöüжш中字日本한국'><script src='é.js?é&#20013;&#9731;'></script>";
        var bytes = Bytes(html, encoding);
        await browser.ShowAsync(bytes, contentType);
        var theirs = await browser.Page.EvaluateAsync<string[]>(
            "performance.getEntriesByType('resource').filter(e => e.renderBlockingStatus === 'blocking').map(e => e.name)");
        var charset = contentType.Split('=') is [_, var name] ? name : null;
        var ours = new PageAnalyzer().Analyze(bytes, browser.Address, charset, cancellation: TestContext.Current.CancellationToken);
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Resources.Select(resource => resource.Url.AbsoluteUri).Order(StringComparer.Ordinal));
    }

    // What the encoding lacks is written as a question mark.
    private static byte[] Bytes(string html, string encoding)
    {
        var copy = (Encoding)EncodingLabels.Find(encoding)!.Clone();
        copy.EncoderFallback = new EncoderReplacementFallback("?");
        return copy.GetBytes(html);
    }
}
