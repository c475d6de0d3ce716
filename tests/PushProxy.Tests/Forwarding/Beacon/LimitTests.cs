using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Client;
using PushProxy.Forwarding.Beacon;
using Xunit;

namespace PushProxy.Tests.Forwarding.Beacon;

/// <summary>What bounds tags and records.</summary>
public class LimitTests
{
    [Fact]
    public void As_many_pass_at_once_as_may_and_then_as_many_as_a_second_brings()
    {
        var time = new FakeTimeProvider();
        var bucket = new TokenBucket(perSecond: 10, atOnce: 25, time);
        Assert.Equal(25, Taken(bucket));
        time.Advance(TimeSpan.FromMilliseconds(99));
        Assert.Equal(0, Taken(bucket));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(1, Taken(bucket));
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(10, Taken(bucket));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(25, Taken(bucket));
    }

    [Fact]
    public void A_tag_is_answered_once_by_who_got_it()
    {
        var tags = new OpenTags();
        var page = Request("/a%20b?q=1");
        Assert.False(tags.TryTake(page, "/a%20b"));
        tags.Add(page);
        Assert.False(tags.TryTake(Request("/x"), "/a"));
        Assert.False(tags.TryTake(Request("/x", agent: "other"), "/a%20b"));
        Assert.False(tags.TryTake(Request("/x", host: "other.test"), "/a%20b"));
        Assert.False(tags.TryTake(Request("/x", address: "192.0.3.1"), "/a%20b"));
        Assert.True(tags.TryTake(Request("/x", address: "192.0.2.9"), "/a%20b"));
        Assert.False(tags.TryTake(Request("/x"), "/a%20b"));
    }

    [Fact]
    public void Two_views_are_answered_twice()
    {
        var tags = new OpenTags();
        tags.Add(Request("/a"));
        tags.Add(Request("/a"));
        Assert.True(tags.TryTake(Request("/x"), "/a"));
        Assert.True(tags.TryTake(Request("/x"), "/a"));
        Assert.False(tags.TryTake(Request("/x"), "/a"));
    }

    [Fact]
    public void A_network_that_asks_for_very_many_pages_forgets_its_own()
    {
        var tags = new OpenTags();
        tags.Add(Request("/first", address: "198.51.100.1"));
        for (var i = 0; i < OpenTags.PerNetwork + 1; i++)
        {
            tags.Add(Request($"/{i}"));
        }

        Assert.False(tags.TryTake(Request("/x"), "/0"));
        Assert.True(tags.TryTake(Request("/x"), "/1"));
        Assert.True(tags.TryTake(Request("/x"), $"/{OpenTags.PerNetwork}"));

        // One network in a thousand has the same place as another.
        Assert.True(tags.TryTake(Request("/x", address: "198.51.100.1"), "/first") || Share("192.0.2.1", "198.51.100.1", tags));
    }

    private static bool Share(string one, string other, OpenTags tags)
    {
        tags.Add(Request("/shared", address: one));
        for (var i = 0; i < OpenTags.PerNetwork; i++)
        {
            tags.Add(Request("/y", address: other));
        }

        return !tags.TryTake(Request("/x", address: one), "/shared");
    }

    private static int Taken(TokenBucket bucket)
    {
        var count = 0;
        while (bucket.TryTake())
        {
            count++;
        }

        return count;
    }

    private static DefaultHttpContext Request(
        string target, string agent = "browser", string host = "site.test", string address = "192.0.2.1")
    {
        var http = new DefaultHttpContext();
        http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = target;
        http.Request.Host = new HostString(host);
        http.Request.Headers.UserAgent = agent;
        http.Connection.RemoteIpAddress = IPAddress.Parse(address);
        return http;
    }
}
