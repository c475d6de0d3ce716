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
    public void What_is_for_one_client_is_delivered_to_none(string cacheControl, bool setsCookies, string reason)
    {
        Assert.Equal(reason, Excludes(200, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
        Assert.Equal(reason, Excludes(304, cacheControl: cacheControl, setsCookies: setsCookies).ToString());
    }

    private static ResourceSkip? Excludes(int status, bool wasPromised = false, string? cacheControl = null, bool setsCookies = false)
    {
        var response = new DefaultHttpContext().Response;
        response.StatusCode = status;
        response.Headers.CacheControl = cacheControl;
        return ResourceAnswer.Excludes(response, setsCookies, wasPromised);
    }
}
