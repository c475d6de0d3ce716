using System.Text;
using PushProxy.EndToEnd.Early;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Learning;

/// <summary>A page in a content coding is read, too.</summary>
public sealed class CodedPageTests(EarlySite site) : IClassFixture<EarlySite>
{
    // <!doctype html><html><head><title>page</title><link rel=stylesheet href=/zstd/a.css></head><body>text</body></html>, by zstd of Debian.
    private const string Zstd = "KLUv/QRY3QIAssUSF6A3HYmXCIgsMdBrfwoZ1QgymfLcqWIThshRtXqDb+mSQNUyDcCpex6qEHhB5jZKY3oW6MUQCge26sFRzPjjtTuuIXJkrKQbyRENBAAu4TGEUb4MIFkB"
        + "A0qvqGE=";

    [Fact]
    public async Task A_page_by_zstd_is_learned_and_passes_as_it_came()
    {
        var body = Encoding.Latin1.GetString(Convert.FromBase64String(Zstd));
        site.Origin.Files("/zstd/a.css");
        site.Origin.On("/zstd/", r => r.WriteAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Encoding: zstd\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await site.LearnAsync("/zstd/");
        var seen = await Nghttp.RunAsync(site.Url("/zstd/"), "--no-push", "accept: text/html", "accept-encoding: zstd");
        Assert.Equal(["/zstd/a.css"], seen.Hints.Single().Preloads);
        Assert.Equal("zstd", seen.Page!["content-encoding"]);
    }
}
