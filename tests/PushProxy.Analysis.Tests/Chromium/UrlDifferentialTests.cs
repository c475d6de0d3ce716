using System.Text;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Tests.Chromium;

/// <summary>Our reading of URLs against Chromium's <c>new URL()</c>.</summary>
[Collection(nameof(Browser))]
public class UrlDifferentialTests(Browser browser)
{
    private static readonly string[] Pieces =
    [
        "/", "//", "\\", "?", "#", ":", ".", "..", "%2e", "%2E%2e", "%41", "%zz", "%", "a", "B", "1", " ", "\t", "\n", "ä", "😀", "\ud800",
        "|", "^", "[", "]", "{", "}", "`", "'", "\"", "<", ">", "&", "=", "+", ";", ",", "~", "@", "!", "$", "(", ")", "\u0001", "\u007f",
        "http:", "https:", "HTTP://", "http://site.test", "https://other.test:444", "//h:80", "site.test", "data:", "x",
    ];

    [Fact]
    public async Task Every_url_is_read_as_chromium_reads_it()
    {
        var random = new Random(1);
        var urls = Enumerable.Range(0, 5000)
            .Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => Pieces[random.Next(Pieces.Length)])))
            .ToArray();
        const string Base = "http://site.test/dir/sub/page.html?q=1";
        var theirs = await browser.Page.EvaluateAsync<string[]>(
            """
            ([urls, base]) => urls.map(text => {
              try {
                const url = new URL(text, base);
                url.hash = '';
                // A host with a space in it is no host anywhere, though Chromium escapes it.
                if (url.username || url.password || url.host.includes('%')) return 'invalid';
                return /^https?:$/.test(url.protocol) ? url.href : 'other';
              } catch { return 'invalid'; }
            })
            """,
            new object[] { urls, Base });

        var differences = urls.Zip(theirs, (url, their) => (Url: url, Theirs: their, Ours: Ours(url, HttpUrl.ParseAbsolute(Base)!)))
            .Where(both => both.Theirs != both.Ours && !(both.Ours == "other" && both.Theirs == "invalid") && !IsOddDomain(both.Theirs, both.Ours))
            .Select(both => $"{System.Text.Json.JsonSerializer.Serialize(both.Url)}: Chromium {both.Theirs}, we {both.Ours}");
        Assert.True(!differences.Any(), string.Join('\n', differences.Take(20)));
    }

    private static string Ours(string url, HttpUrl page)
    {
        var (parsed, otherScheme) = HttpUrlParser.Parse(url, page, Encoding.UTF8);

        // Nobody is interested in whether a URL of another scheme is a valid one.
        return parsed?.Href ?? (otherScheme ? "other" : "invalid");
    }


    // "😀..": .NET finds no Punycode for what has an empty label.
    private static bool IsOddDomain(string theirs, string ours) => ours == "invalid" && theirs.Contains("//xn--", StringComparison.Ordinal);
}
