using Microsoft.AspNetCore.Http;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class ResourceVersionStateTests
{
    private static readonly DateTimeOffset Now = new(2026, 5, 4, 10, 20, 30, TimeSpan.Zero);
    private static readonly ResourceKey Key = ResourceKey.Of("site.test/a.css");

    [Fact]
    public void A_lifetime_begins_with_each_response()
    {
        var state = Of(("ETag", "\"1\""), ("Cache-Control", "max-age=600"))!;
        Assert.Equal(Now.AddMinutes(10), state.FreshUntil(Now));
        Assert.Equal(Now.AddMinutes(40), state.FreshUntil(Now.AddMinutes(30)));
    }

    [Theory]
    [InlineData("Expires", "Mon, 04 May 2026 10:30:30 GMT")]
    [InlineData("Age", "0")]
    public void A_moment_stays_what_it_is(string name, string value)
    {
        // What a cache before the origin hands out has used up some of its lifetime.
        var state = Of(("ETag", "\"1\""), name == "Age" ? ("Cache-Control", "max-age=600") : ("Date", "Mon, 04 May 2026 10:20:30 GMT"), (name, value))!;
        Assert.Equal(Now.AddMinutes(10), state.FreshUntil(Now));
        Assert.Equal(Now.AddMinutes(10), state.FreshUntil(Now.AddMinutes(30)));
    }

    [Theory]
    [InlineData("no-cache")]
    [InlineData("no-store")]
    [InlineData("max-age=0")]
    public void What_must_be_asked_for_again_is_fresh_at_no_time(string cacheControl)
    {
        var state = Of(("ETag", "\"1\""), ("Cache-Control", cacheControl))!;
        Assert.Equal(default, state.FreshUntil(Now));
    }

    [Fact]
    public void Without_validator_there_is_none() => Assert.Null(Of(("Cache-Control", "max-age=600")));

    [Fact]
    public void The_same_answer_later_is_no_change()
    {
        var fields = new[] { ("ETag", "\"1\""), ("Cache-Control", "max-age=600") };
        Assert.Equal(Of(fields), Of(fields));
        Assert.NotEqual(Of(fields), Of(("ETag", "\"2\""), ("Cache-Control", "max-age=600")));
    }

    private static ResourceVersionState? Of(params (string Name, string Value)[] fields)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in fields)
        {
            headers[name] = value;
        }

        return ResourceVersionState.Of(Key, headers, Freshness.Of(200, headers, Now, TimeSpan.FromDays(1)), Now);
    }
}
