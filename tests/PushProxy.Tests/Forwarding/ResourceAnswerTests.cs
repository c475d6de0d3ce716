using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class ResourceAnswerTests
{
    [Theory]
    [InlineData(200, "None", "None")]
    [InlineData(304, "None", "None")]
    [InlineData(302, "Missing", "Missing")]
    [InlineData(403, "Missing", "Missing")]
    [InlineData(404, "Missing", "Missing")]
    [InlineData(206, null, "Missing")]
    [InlineData(429, null, "Missing")]
    [InlineData(503, null, "Missing")]
    public void A_promise_that_was_not_kept_is_not_made_again(int status, string? asked, string promised)
    {
        Assert.Equal(asked, Excludes(status, wasPromised: false)?.ToString());
        Assert.Equal(promised, Excludes(status, wasPromised: true)?.ToString());
    }

    [Theory]
    [InlineData("max-age=60", false, "None")]
    [InlineData("max-age=60", true, "PrivateResource")]
    [InlineData("max-age=60, PRIVATE", false, "PrivateResource")]
    [InlineData("no-store", false, "PrivateResource")]
    [InlineData("no-store; max-age=0", false, "PrivateResource")]
    [InlineData("public; Private; max-age=60", false, "PrivateResource")]
    [InlineData("public; max-age=60", false, "None")]
    public void What_is_for_one_client_is_delivered_to_none(string cacheControl, bool setsCookies, string reason)
    {
        Assert.Equal(reason, Excludes(200, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
        Assert.Equal(reason, Excludes(304, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
    }

    [Theory]
    [InlineData("\"1\"", null, "\"1\"", null, true)]
    [InlineData("\"1\"", null, "\"2\"", null, false)]
    [InlineData(null, 10L, null, 10L, false)]
    [InlineData(null, null, null, null, false)]
    [InlineData("\"1\"", 10L, null, null, false)]
    public void Answers_with_and_without_credentials_are_the_same_only_if_something_shows_it(
        string? tag, long? length, string? membersTag, long? membersLength, bool isSame)
    {
        var plain = Facts(null, tag, length, cookie: null);
        Assert.False(plain.IsSameForAll);
        Assert.Equal(isSame, Facts(plain, membersTag, membersLength, cookie: "session=1").IsSameForAll);
    }

    private static AnswerFacts Facts(AnswerFacts? before, string? tag, long? length, string? cookie)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = cookie;
        http.Response.ContentType = "text/css";
        http.Response.ContentLength = length;
        http.Response.Headers.ETag = tag;
        ResourceVersion? version = tag is null ? null : new ResourceVersion((ulong)tag.GetHashCode(StringComparison.Ordinal));
        return ResourceAnswer.FactsOf(http, before, version, Freshness.Revalidate, isForAll: true);
    }

    private static ResourceSkip? Excludes(int status, bool wasPromised = false, string? cacheControl = null, bool setsCookies = false)
    {
        var response = new DefaultHttpContext().Response;
        response.StatusCode = status;
        response.Headers.CacheControl = cacheControl;
        return ResourceAnswer.Excludes(response, setsCookies, wasPromised);
    }
}
