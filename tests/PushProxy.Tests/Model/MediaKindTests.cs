using Microsoft.AspNetCore.Http;
using PushProxy.Analysis;
using PushProxy.Learning;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Model;

public class MediaKindTests
{
    [Theory]
    [InlineData("text/css", ResourceKind.Style)]
    [InlineData("Text/CSS; charset=utf-8", ResourceKind.Style)]
    [InlineData("text/css-not", null)]
    [InlineData("text/css, text/html", null)]
    [InlineData("text/javascript", ResourceKind.Script)]
    [InlineData("application/x-javascript;v=1", ResourceKind.Script)]
    [InlineData("text/jscript", ResourceKind.Script)]
    [InlineData("application/notjavascript", null)]
    [InlineData("application/json", null)]
    [InlineData("font/woff2", ResourceKind.Font)]
    [InlineData("application/font-woff", ResourceKind.Font)]
    [InlineData("application/x-font-ttf", ResourceKind.Font)]
    [InlineData("application/vnd.ms-fontobject", ResourceKind.Font)]
    [InlineData("image/svg+xml", ResourceKind.Image)]
    [InlineData("text/html", null)]
    [InlineData("application/octet-stream", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void The_content_type_says_what_an_answer_is(string? type, ResourceKind? kind) => Assert.Equal(kind, MediaKind.Of(type));

    [Theory]
    [InlineData("text/css", "style", ResourceKind.Style)]
    [InlineData("text/css", null, ResourceKind.Style)]
    [InlineData("application/json", "script", null)]
    [InlineData("text/html", "style", null)]
    [InlineData("text/css", "script", null)]
    [InlineData("text/css", "empty", null)]
    [InlineData("text/css", "", null)]
    [InlineData(null, "font", null)]
    public void What_a_request_says_of_itself_may_only_contradict(string? type, string? destination, ResourceKind? kind)
    {
        var http = new DefaultHttpContext();
        http.Response.ContentType = type;
        if (destination is not null)
        {
            http.Request.Headers["Sec-Fetch-Dest"] = destination;
        }

        Assert.Equal(kind, AssetKind.Of(http));
    }
}
