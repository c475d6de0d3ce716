using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Forwarding.Beacon;
using PushProxy.Proof;
using Xunit;
using Yarp.ReverseProxy.Model;

namespace PushProxy.Tests.Forwarding.Beacon;

/// <summary>The script, and what becomes of records.</summary>
public class BeaconEndpointTests
{
    private static readonly (string, string)[] Own = [("Sec-Fetch-Site", "same-origin")];

    [Fact]
    public async Task The_script_is_small_and_may_be_kept_for_ever()
    {
        await using var site = await StartAsync();
        var (response, body) = await site.SendAsync(HttpMethod.Get, BeaconSite.Script, content: null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/javascript", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("public, max-age=31536000, immutable", Value(response, "Cache-Control"));
        Assert.InRange(body.Length, 1, 1000);
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.DoesNotContain("cookie", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("storage", body, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(body, static c => c > '~');
    }

    [Fact]
    public async Task What_names_an_older_script_gets_this_one()
    {
        await using var site = await StartAsync();
        var older = BeaconSite.Script.Replace(BeaconScript.Hash, "0123456789", StringComparison.Ordinal);
        var (response, body) = await site.SendAsync(HttpMethod.Get, older, content: null);
        Assert.Equal("no-cache", Value(response, "Cache-Control"));
        Assert.Equal(BeaconScript.Bytes.Length, body.Length);
    }

    [Theory]
    [InlineData("/.well-known/pushproxy/beacon-")]
    [InlineData("/.well-known/pushproxy/beacon-.js")]
    [InlineData("/.well-known/pushproxy/beacon-0123456789-0123456789.js")]
    [InlineData("/.well-known/pushproxy/other.js")]
    public async Task Other_paths_are_the_origins(string path)
    {
        await using var site = await StartAsync();
        Assert.Equal(BeaconSite.Html, (await site.SendAsync(HttpMethod.Get, path, content: null)).Body);
    }

    [Fact]
    public async Task A_record_of_a_page_with_a_tag_counts_once()
    {
        var views = new Views();
        await using var site = await StartAsync(views);
        await site.ViewAsync("/a%20b/?q=1");
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("812 1020 95 - /a%20b/"));
        Assert.Equal(["/a%20b/"], views.Asked);
        Assert.Equal("all", views.Route);
        Assert.Equal(1, site.Records["outcome", "no-view"]);
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("812 1020 95 - /a%20b/"));
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("812 1020 95 - /never-seen"));
        Assert.Equal(2, site.Records["outcome", "unasked"]);
        Assert.Single(views.Asked);
    }

    [Fact]
    public async Task Forged_records_are_no_more_than_the_views()
    {
        var views = new Views();
        await using var site = await StartAsync(views);
        for (var i = 0; i < 3; i++)
        {
            await site.ViewAsync();
        }

        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(_ => site.TellAsync("1 1 1 1 /")));
        Assert.Equal(3, views.Asked.Count);
        Assert.All(answers, static a => Assert.True(a is HttpStatusCode.NoContent or HttpStatusCode.TooManyRequests));
        Assert.Contains(HttpStatusCode.TooManyRequests, answers);
        Assert.Equal(1000, site.Records["outcome", "no-view"] + site.Records["outcome", "unasked"] + site.Records["outcome", "too-many"]);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Origin", "https://other.test")]
    [InlineData("Origin", "null")]
    [InlineData("X-Any", "1")]
    public async Task Records_of_other_sites_are_refused(string name, string value)
    {
        await using var site = await StartAsync();
        await site.ViewAsync();
        Assert.Equal(HttpStatusCode.Forbidden, await site.TellAsync("812 1020 95 - /", (name, value)));
        Assert.Equal(1, site.Records["outcome", "foreign"]);
    }

    [Fact]
    public async Task A_browser_without_fetch_metadata_says_where_it_is_in_its_origin()
    {
        await using var site = await StartAsync();
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("812 1020 95 - /", ("Origin", site.Site.Address)));
    }

    [Fact]
    public async Task What_is_no_record_is_refused()
    {
        await using var site = await StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, await site.TellAsync("hello"));
        Assert.Equal(HttpStatusCode.BadRequest, await site.TellAsync(""));
        Assert.Equal(HttpStatusCode.BadRequest, await site.TellAsync("1020 812 95 - /"));
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("1 1 1 - /" + new string('a', 247)));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await site.TellAsync("1 1 1 - /" + new string('a', 248)));
        var (response, text) = await site.SendAsync(HttpMethod.Put, BeaconSite.Script, new StringContent("x"), Own);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD, POST"), (response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        Assert.EndsWith(".\n", text, StringComparison.Ordinal);
        Assert.Equal(3, site.Records["outcome", "invalid"]);
        Assert.Equal(1, site.Records["outcome", "too-long"]);
    }

    [Fact]
    public async Task A_record_states_its_length()
    {
        await using var site = await StartAsync();
        var (response, _) = await site.SendAsync(HttpMethod.Post, BeaconSite.Script, new Unmeasured(), Own);
        Assert.Equal(HttpStatusCode.LengthRequired, response.StatusCode);
    }

    [Fact]
    public async Task When_finding_the_view_fails_the_visitor_does_not_notice()
    {
        await using var site = await StartAsync(new Failing());
        await site.ViewAsync();
        Assert.Equal(HttpStatusCode.NoContent, await site.TellAsync("812 1020 95 - /"));
        Assert.Equal(1, site.Errors["stage", "beacon"]);
    }

    private static string? Value(HttpResponseMessage response, string name) =>
        response.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;

    private static Task<BeaconSite> StartAsync(IViewGroups? views = null) => BeaconSite.StartAsync(
        static http =>
        {
            http.Response.ContentType = "text/html";
            return http.Response.WriteAsync(BeaconSite.Html);
        },
        views: views);

    private sealed class Views : IViewGroups
    {
        public ConcurrentQueue<string> Asked { get; } = new();

        public string? Route { get; private set; }

        public bool TryFind(HttpContext http, string path, out ViewGroup view)
        {
            Asked.Enqueue(path);
            Route = http.GetEndpoint()?.Metadata.GetMetadata<RouteModel>()?.Config.RouteId;
            view = default;
            return false;
        }
    }

    private sealed class Failing : IViewGroups
    {
        public bool TryFind(HttpContext http, string path, out ViewGroup view) => throw new InvalidOperationException("for a test");
    }

    /// <summary>Content whose length nobody knows.</summary>
    private sealed class Unmeasured : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync("x"u8.ToArray()).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
