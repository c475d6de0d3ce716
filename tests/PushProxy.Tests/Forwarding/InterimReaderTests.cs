using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PushProxy.Diagnostics;
using PushProxy.Forwarding.Interim;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public sealed class InterimReaderTests : IDisposable
{
    private const string Interim = "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nlink:</b>\r\n\r\n"
        + "HTTP/1.1 103 Early Hints\nLink: </c>\n\n";

    private const string Final = "HTTP/1.1 200 OK\r\nLink: </final>\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </body>\r\n\r\n";

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Bytes_may_be_cut_anywhere()
    {
        var bytes = Encoding.ASCII.GetBytes(Interim + Final);
        for (var i = 1; i < bytes.Length; i++)
        {
            for (var j = i; j < Math.Min(bytes.Length, i + 40); j++)
            {
                Assert.Equal(["</a>; rel=preload", "</b>", "</c>"], Read(bytes[..i], bytes[i..j], bytes[j..]));
            }
        }

        Assert.Equal(["</a>; rel=preload", "</b>", "</c>"], Read([.. bytes.Select(static b => new[] { b })]));
    }

    [Theory]
    [InlineData("HTTP/1.1 101 Switching Protocols\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("HTTP/1.1 1x3 Early Hints\r\nLink: </a>\r\n\r\n")]
    [InlineData("nonsense that is no head\r\nLink: </a>\r\n\r\n")]
    [InlineData("\r\n\r\n\r\n\r\n\r\n\r\n\r\n")]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n")]
    public void What_is_no_103_or_not_complete_counts_for_nothing(string bytes) => Assert.Empty(Read(Encoding.ASCII.GetBytes(bytes)));

    [Fact]
    public void After_the_final_response_nothing_is_taken_until_the_next_request()
    {
        var hints = Hints();
        hints.Close();
        Assert.True(new InterimReader(hints).Read(Encoding.ASCII.GetBytes(Interim)));
        Assert.Empty(hints.Links);
    }

    private IReadOnlyList<string> Read(params byte[][] pieces)
    {
        var hints = Hints();
        var reader = new InterimReader(hints);
        _ = pieces.Any(piece => !reader.Read(piece));
        return hints.Links;
    }

    private OriginHints Hints()
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host, http.Request.Path) = ("https", new HostString("site.test"), "/");
        var hints = new OriginHints(
            http, new PushProxyMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<OriginHints>.Instance);
        hints.Begin(new Uri("http://origin.test/"));
        return hints;
    }
}
