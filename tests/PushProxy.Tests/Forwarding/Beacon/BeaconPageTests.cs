using System.Text;
using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding.Beacon;
using Xunit;

namespace PushProxy.Tests.Forwarding.Beacon;

/// <summary>Which pages get the tag, and what else of them changes.</summary>
public class BeaconPageTests
{
    private const string Html = BeaconSite.Html;

    [Fact]
    public async Task A_navigation_gets_its_page_with_one_tag()
    {
        await using var site = await BeaconSite.StartAsync(Page(h =>
        {
            h.ETag = "\"v1\"";
            h.ContentLength = Html.Length;
            h.AcceptRanges = "bytes";
            h["Content-MD5"] = h["Digest"] = h["Repr-Digest"] = "x";
            h.LastModified = "Thu, 01 Jan 2026 00:00:00 GMT";
        }));
        var (response, body) = await site.ViewAsync();
        Assert.Equal(BeaconSite.Tagged(Html), body);
        Assert.Equal("W/\"v1\"", response.Headers.ETag!.ToString());
        Assert.Equal("Thu, 01 Jan 2026 00:00:00 GMT", response.Content.Headers.GetValues("Last-Modified").Single());
        foreach (var name in new[] { "Content-Length", "Accept-Ranges", "Content-MD5", "Digest", "Repr-Digest", "Set-Cookie" })
        {
            Assert.False(response.Headers.NonValidated.Contains(name) || response.Content.Headers.NonValidated.Contains(name), name);
        }

        await site.Pages.UntilAsync("outcome", "tagged", 1);
    }

    [Fact]
    public async Task At_any_split_the_bytes_are_those_of_the_origin_and_the_tag()
    {
        await using var site = await BeaconSite.StartAsync(async http =>
        {
            http.Response.ContentType = "text/html";
            var at = int.Parse(http.Request.Query["at"]!, System.Globalization.CultureInfo.InvariantCulture);
            await http.Response.WriteAsync(Html[..at]);
            await http.Response.Body.FlushAsync();
            await http.Response.WriteAsync(Html[at..]);
        });
        for (var at = 0; at < 36; at++)
        {
            Assert.Equal(BeaconSite.Tagged(Html), (await site.ViewAsync($"/?at={at}")).Body);
        }
    }

    [Fact]
    public async Task A_page_without_head_tag_is_as_its_origin_sent_it()
    {
        const string page = "<!doctype html><title>page</title><head>";
        await using var site = await BeaconSite.StartAsync(Page(h => (h.ETag, h.ContentLength) = ("\"v1\"", page.Length), page));
        var (response, body) = await site.ViewAsync();
        Assert.Equal(page, body);
        Assert.Equal("\"v1\"", response.Headers.ETag!.ToString());
        Assert.Equal(page.Length, response.Content.Headers.ContentLength);
        await site.Pages.UntilAsync("outcome", "no-head", 1);
    }

    [Theory]
    [InlineData("declined", null, null, "Sec-GPC", "1")]
    [InlineData("declined", null, null, "DNT", "1")]
    [InlineData("no-transform", null, null, "Cache-Control", "max-age=0, no-transform")]
    [InlineData("no-transform", "Cache-Control", "private, No-Transform")]
    [InlineData("encoded", "Content-Encoding", "x-own")]
    [InlineData("signed", "Signature", "sig1=:AAAA:")]
    [InlineData("charset", "Content-Type", "text/html; charset=utf-16le")]
    [InlineData("charset", "Content-Type", "text/html;charset=\"ISO-2022-JP\"")]
    [InlineData("security-policy", "Content-Security-Policy", "script-src 'none'")]
    [InlineData("security-policy", "Content-Security-Policy", "script-src 'self'; connect-src 'none'")]
    public async Task A_page_that_must_not_be_changed_is_not(
        string outcome, string? name, string? value, string field = "X-Any", string fieldValue = "1")
    {
        await using var site = await BeaconSite.StartAsync(Page(h =>
        {
            (h.ETag, h.ContentLength) = ("\"v1\"", Html.Length);
            if (name is not null)
            {
                h[name] = value;
            }
        }));
        var (response, body) = await site.ViewAsync("/", (field, fieldValue));
        Assert.Equal(Html, body);
        Assert.Equal("\"v1\"", response.Headers.ETag!.ToString());
        Assert.Equal(Html.Length, response.Content.Headers.ContentLength);
        await site.Pages.UntilAsync("outcome", outcome, 1);
    }

    [Fact]
    public async Task A_nonce_that_the_policy_wants_is_in_the_tag()
    {
        await using var site = await BeaconSite.StartAsync(Page(
            static h => h.ContentSecurityPolicy = "script-src 'strict-dynamic' 'nonce-R4nd0m'; connect-src 'self'"));
        var tag = Encoding.ASCII.GetString(BeaconScript.Tag(BeaconSite.Script, "R4nd0m"));
        Assert.Contains("nonce=\"R4nd0m\"", tag, StringComparison.Ordinal);
        Assert.Equal(BeaconSite.Tagged(Html, tag), (await site.ViewAsync()).Body);
    }

    [Theory]
    [InlineData("Sec-Fetch-Dest", "iframe")]
    [InlineData("Sec-Fetch-Dest", "empty")]
    [InlineData("Sec-Purpose", "prefetch;prerender")]
    [InlineData("Range", "bytes=0-")]
    public async Task What_is_no_navigation_gets_none(string name, string value)
    {
        await using var site = await BeaconSite.StartAsync(Page());
        var fields = new Dictionary<string, string> { ["Sec-Fetch-Dest"] = "document", ["Sec-Fetch-Mode"] = "navigate", [name] = value };
        var (_, body) = await site.SendAsync(HttpMethod.Get, "/", content: null, [.. fields.Select(static f => (f.Key, f.Value))]);
        Assert.Equal(Html, body);
    }

    [Theory]
    [InlineData(404, "text/html")]
    [InlineData(200, "application/xhtml+xml")]
    [InlineData(200, "text/plain")]
    public async Task What_is_no_page_gets_none(int status, string type)
    {
        await using var site = await BeaconSite.StartAsync(http =>
        {
            (http.Response.StatusCode, http.Response.ContentType) = (status, type);
            return http.Response.WriteAsync(Html);
        });
        Assert.Equal(Html, (await site.ViewAsync()).Body);
    }

    [Fact]
    public async Task Without_its_policy_nothing_is_tagged_and_the_path_is_the_origins()
    {
        foreach (var change in new Func<DeliveryPolicy, DeliveryPolicy>[]
        {
            static p => p with { Beacon = false }, static p => p with { Delivery = DeliveryMode.Off },
        })
        {
            await using var site = await BeaconSite.StartAsync(Page(), change);
            Assert.Equal(Html, (await site.ViewAsync()).Body);
            Assert.Equal(Html, (await site.SendAsync(HttpMethod.Get, BeaconSite.Script, content: null)).Body);
        }

        await using var off = await BeaconSite.StartAsync(Page(), policyName: "off");
        Assert.Equal(Html, (await off.ViewAsync()).Body);
        Assert.Equal(Html, (await off.SendAsync(HttpMethod.Get, BeaconSite.Script, content: null)).Body);
    }

    [Fact]
    public async Task An_application_that_does_not_serve_the_script_names_none()
    {
        await using var site = await BeaconSite.StartAsync(Page(), isServed: false);
        Assert.Equal(Html, (await site.ViewAsync()).Body);
        await site.Pages.UntilAsync("outcome", "not-served", 1);
    }

    [Fact]
    public async Task An_origin_that_compares_tags_byte_by_byte_is_asked_by_the_strong_one()
    {
        await using var site = await BeaconSite.StartAsync(http =>
        {
            http.Response.Headers.ETag = "\"v1\"";
            if (http.Request.Headers.IfNoneMatch.ToString().Split(", ").Contains("\"v1\""))
            {
                http.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync(Html);
        });
        var (page, _) = await site.ViewAsync();
        var (again, _) = await site.ViewAsync("/", ("If-None-Match", page.Headers.ETag!.ToString()));
        Assert.Equal(304, (int)again.StatusCode);
        Assert.Equal("W/\"v1\"", again.Headers.ETag!.ToString());

        // What the origin sent without a tag keeps its validator.
        var (strong, _) = await site.ViewAsync("/", ("If-None-Match", "\"v1\""));
        Assert.Equal((304, "\"v1\""), ((int)strong.StatusCode, strong.Headers.ETag!.ToString()));
    }

    [Fact]
    public async Task As_many_pages_get_it_at_once_as_may()
    {
        await using var site = await BeaconSite.StartAsync(Page());
        var bodies = await Task.WhenAll(Enumerable.Range(0, BeaconPages.MaxAtOnce * 3).Select(async _ => (await site.ViewAsync()).Body));
        var tagged = bodies.Count(static b => b != Html);
        Assert.True(tagged >= BeaconPages.MaxAtOnce, $"{tagged} were tagged.");
        Assert.Equal(tagged, site.Pages["outcome", "tagged"]);
        Assert.Equal(bodies.Length - tagged, site.Pages["outcome", "not-sampled"]);
    }

    private static RequestDelegate Page(Action<IHeaderDictionary>? headers = null, string html = Html) => http =>
    {
        http.Response.ContentType = "text/html; charset=utf-8";
        headers?.Invoke(http.Response.Headers);
        return http.Response.WriteAsync(html);
    };
}
