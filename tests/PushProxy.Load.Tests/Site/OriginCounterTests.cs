using Microsoft.AspNetCore.Http;
using PushProxy.Load.Site;

namespace PushProxy.Load.Tests.Site;

/// <summary>What the origin tells of the requests that reached it.</summary>
public sealed class OriginCounterTests
{
    [Fact]
    public void Each_port_is_counted_by_itself_and_what_a_proxy_asks_to_learn_is_told_apart()
    {
        var counter = new OriginCounter();
        counter.Count(Request(1, "Mozilla/5.0"));
        counter.Count(Request(1, "PushProxy/1.0 (learning)"));
        counter.Count(Request(2, null));
        Assert.Equal(new OriginCounts(2, 1), counter.Of(1));
        Assert.Equal(new OriginCounts(1, 0), counter.Of(2));
        Assert.Equal(new OriginCounts(0, 0), counter.Of(3));
        Assert.Equal(new OriginCounts(3, 1), new OriginCounts(5, 2) - new OriginCounts(2, 1));
    }

    private static DefaultHttpContext Request(int port, string? program)
    {
        var http = new DefaultHttpContext();
        http.Connection.LocalPort = port;
        http.Request.Headers.UserAgent = program;
        return http;
    }
}
