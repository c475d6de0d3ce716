using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding;
using PushProxy.Model;
using Xunit;

namespace PushProxy.Tests.Forwarding;

public class NavigationRequestTests
{
    [Theory]
    [InlineData("Document", "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: navigate")]
    [InlineData("Document", "Sec-Fetch-Dest: document", "Accept: */*")]
    [InlineData("Document", "Accept: text/html,application/xhtml+xml,*/*;q=0.8")]
    [InlineData("Document", "Accept: application/xhtml+xml")]
    [InlineData("Document", "Sec-Fetch-Dest: document", "X-Requested-With: com.example.app")]
    [InlineData("Frame", "Sec-Fetch-Dest: iframe", "Sec-Fetch-Mode: navigate")]
    [InlineData("Frame", "Sec-Fetch-Dest: frame")]
    [InlineData("Anything", "Accept: */*")]
    [InlineData("Anything", "Accept: text/*")]
    [InlineData("Unspoken")]
    [InlineData("Unspoken", "Purpose: exercise")]
    public void Is_one(string kind, params string[] fields)
    {
        Assert.Equal(Enum.Parse<NavigationKind>(kind), NavigationRequest.Classify(Request(fields), out var skip));
        Assert.Equal(PageSkip.None, skip);
    }

    [Theory]
    [InlineData(PageSkip.NotNavigation, "Sec-Fetch-Dest: style")]
    [InlineData(PageSkip.NotNavigation, "Sec-Fetch-Dest: empty", "Accept: text/html")]
    [InlineData(PageSkip.NotNavigation, "Sec-Fetch-Dest: document", "Sec-Fetch-Mode: cors")]
    [InlineData(PageSkip.NotNavigation, "Sec-Fetch-Dest: embed")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/css,*/*;q=0.1")]
    [InlineData(PageSkip.NotNavigation, "Accept: application/json")]
    [InlineData(PageSkip.NotNavigation, "Accept: image/avif,image/webp,*/*;q=0.8")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "X-Requested-With: XMLHttpRequest")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "HX-Request: true")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "turbo-frame: list")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "X-PJAX: true")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "Turbolinks-Referrer: https://site.test/")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "X-Up-Version: 3.8")]
    [InlineData(PageSkip.NotNavigation, "Accept: text/html", "X-Inertia: true")]
    [InlineData(PageSkip.RangeRequest, "Accept: */*", "Range: bytes=0-1")]
    [InlineData(PageSkip.Prefetch, "Sec-Fetch-Dest: document", "Sec-Purpose: prefetch")]
    [InlineData(PageSkip.Prefetch, "Accept: text/html", "Sec-Purpose: prefetch;prerender")]
    [InlineData(PageSkip.Prefetch, "Accept: text/html", "Purpose: Prefetch")]
    [InlineData(PageSkip.Prefetch, "Accept: text/html", "X-Moz: prefetch")]
    [InlineData(PageSkip.Prefetch, "Accept: text/html", "X-Purpose: preview")]
    internal void Is_none(PageSkip reason, params string[] fields)
    {
        Assert.Equal(NavigationKind.None, NavigationRequest.Classify(Request(fields), out var skip));
        Assert.Equal(reason, skip);
    }

    private static HttpRequest Request(string[] fields)
    {
        var request = new DefaultHttpContext().Request;
        foreach (var field in fields)
        {
            var colon = field.IndexOf(':', StringComparison.Ordinal);
            request.Headers.Append(field[..colon], field[(colon + 2)..]);
        }

        return request;
    }
}
