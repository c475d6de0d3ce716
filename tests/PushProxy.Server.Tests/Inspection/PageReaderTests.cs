using Microsoft.AspNetCore.Http;
using PushProxy.Inspection;
using PushProxy.Server.Inspection;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Inspection;

public class PageReaderTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Page_that_never_ends_is_given_up(bool begins)
    {
        await using var site = await TestSite.StartAsync(async http =>
        {
            if (begins)
            {
                http.Response.ContentType = "text/html";
                await http.Response.WriteAsync("<!DOCTYPE html>", Cancellation);
            }

            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        });
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), SiteAccess.Plain(insecure: false), TimeSpan.FromSeconds(0.2));

        var thrown = await Assert.ThrowsAsync<PageUnavailableException>(() => reader.InspectAsync(site.Address, Cancellation));

        Assert.Equal("the page did not arrive within 0.2 seconds", thrown.Message);
    }

    [Fact]
    public async Task Of_a_page_without_end_no_more_is_read_than_the_proxy_would()
    {
        await using var site = await TestSite.StartAsync(static async http =>
        {
            http.Response.ContentType = "text/html";
            await http.Response.WriteAsync("<!DOCTYPE html><link rel=stylesheet href=/a.css>");
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await http.Response.WriteAsync(new string(' ', 8192));
            }
        });
        var options = new PushProxyOptions { Learning = new LearningOptions { MaxPageBytes = 4096 } };
        using var reader = new PageReader(new PageInspector(options), SiteAccess.Plain(insecure: false), TimeSpan.FromSeconds(30));

        var page = await reader.InspectAsync(site.Address, Cancellation);

        Assert.Equal($"{site.Address}/a.css", Assert.Single(page.Resources).Url);
    }

    [Fact]
    public async Task Who_asked_can_stop_it()
    {
        await using var site = await TestSite.StartAsync(static http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), SiteAccess.Plain(insecure: false), TimeSpan.FromSeconds(30));
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(0.1));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.InspectAsync(site.Address, stop.Token));
    }

    [Fact]
    public async Task Fields_of_the_users_go_to_the_pages_host_alone_also_by_a_redirect()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<string>();
        RequestDelegate Note(string name, Func<HttpContext, Task> answer) => http =>
        {
            seen.Add($"{name} {http.Request.Path} {http.Request.Headers.Cookie} {http.Request.Headers.UserAgent}{http.Request.Headers["X-Twice"]}");
            return answer(http);
        };
        await using var other = await TestSite.StartAsync(Note("other", static http => HtmlAsync(http, "")));
        await using var site = await TestSite.StartAsync(Note("site", http =>
        {
            if (http.Request.Path == "/away")
            {
                http.Response.Redirect(other.Address + "/page");
                return Task.CompletedTask;
            }

            return HtmlAsync(http, "<link rel=stylesheet href=/a.css>");
        }));
        var access = new SiteAccess(false, [new("Cookie", "session=1"), new("User-Agent", "mine"), new("X-Twice", "1"), new("X-Twice", "2")], null);
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), access, TimeSpan.FromSeconds(30));

        await reader.InspectAsync(site.Address + "/", Cancellation);
        await reader.InspectAsync(site.Address + "/away", Cancellation);

        Assert.Contains("site / session=1 mine1, 2", seen);
        Assert.Contains("site /a.css session=1 mine1, 2", seen);
        Assert.Contains("site /away session=1 mine1, 2", seen);
        Assert.Single(seen, static s => s.StartsWith("other /page  Mozilla", StringComparison.Ordinal));
        Assert.DoesNotContain(seen, static s => s.StartsWith("other", StringComparison.Ordinal) && s.Contains("session", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("http://[", "the answer was 302 Found")]
    [InlineData("ftp://127.0.0.1/", "the answer was 302 Found, and is not followed to ftp://127.0.0.1/, because that is not http or https")]
    [InlineData("/same", "the answer was 302 Found, and is not followed to SITE/same, because 10 redirects came before it")]
    public async Task A_redirect_that_leads_nowhere_is_the_answer(string location, string expected)
    {
        await using var site = await TestSite.StartAsync(http =>
        {
            http.Response.StatusCode = StatusCodes.Status302Found;
            http.Response.Headers.Location = location;
            return Task.CompletedTask;
        });
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), SiteAccess.Plain(insecure: false), TimeSpan.FromSeconds(30));

        var thrown = await Assert.ThrowsAsync<PageUnavailableException>(() => reader.InspectAsync(site.Address + "/same", Cancellation));

        Assert.Equal(expected.Replace("SITE", site.Address, StringComparison.Ordinal), thrown.Message);
    }

    [Fact]
    public void What_is_meant_for_https_is_not_sent_in_the_clear()
    {
        var access = new SiteAccess(false, [new("Cookie", "session=1")], "www.example.test");
        access.Enter(new Uri("https://127.0.0.1:8443/page"));
        Assert.True(access.IsSite(new Uri("https://www.example.test/a.css")));
        Assert.False(access.IsSite(new Uri("http://www.example.test/a.css")));
        Assert.Null(access.AddressOf(new Uri("http://www.example.test/")));
    }

    [Theory]
    [InlineData("www.example.test", "www.example.test")]
    [InlineData("www.example.test:8080", "www.example.test:8080")]
    public async Task A_site_can_be_asked_under_a_host_of_its_own(string host, string expected)
    {
        var hosts = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var site = await TestSite.StartAsync(http =>
        {
            hosts.Add($"{http.Request.Path} {http.Request.Host}");
            return HtmlAsync(http, $"<link rel=stylesheet href=http://{host}/a.css>");
        });
        using var reader = new PageReader(new PageInspector(new PushProxyOptions()), new SiteAccess(false, [], host), TimeSpan.FromSeconds(30));

        var page = await reader.InspectAsync(site.Address + "/page?x=1", Cancellation);

        Assert.Equal($"http://{expected}/a.css", Assert.Single(page.Resources).Url);
        Assert.Equal([$"/a.css {expected}", $"/page {expected}"], hosts.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1/", "only http and https URLs and files can be inspected")]
    [InlineData("http://127.0.0.1:99999/", "is not a URL")]
    [InlineData("http://user:pw@127.0.0.1:1/page", "has a user's name; write it as --header 'Authorization: Basic ...'")]
    public async Task A_page_that_cannot_be_asked_for_is_said_with_the_reason(string page, string reason)
    {
        var result = await Pushproxy.RunAsync("inspect", page);
        Assert.Equal($"{page}: {reason}\n", result.Error);
        Assert.Equal(1, result.ExitCode);
    }

    [Theory]
    [InlineData("--header", "Cookie")]
    [InlineData("--header", "a b: c")]
    [InlineData("--header", "Cookie: a\nb: c")]
    [InlineData("--host", "a b")]
    [InlineData("--host", "www.example.org/path")]
    [InlineData("--host", "www.example.org#top")]
    [InlineData("--host", "www.example.org?x")]
    [InlineData("--host", "")]
    [InlineData("--host", "user@www.example.org")]
    public async Task An_option_that_is_none_is_said_with_what_it_should_be(string option, string value)
    {
        var result = await Pushproxy.RunAsync("inspect", "http://127.0.0.1:1/", option, value);
        Assert.Equal(2, result.ExitCode);
        Assert.StartsWith($"{option} '{value}': must be ", result.Error, StringComparison.Ordinal);
    }

    private static Task HtmlAsync(HttpContext http, string html)
    {
        http.Response.ContentType = "text/html";
        return http.Response.WriteAsync("<!DOCTYPE html>" + html, Cancellation);
    }
}
