using System.Net;
using PushProxy.Load.Dashboard;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>The dashboard as the management listener answers it.</summary>
public sealed class DashboardTests(DashboardTests.Program fixture) : IClassFixture<DashboardTests.Program>
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly HttpClient _client = fixture.Client;

    [Fact]
    public async Task It_is_one_page_that_nothing_else_belongs_to()
    {
        using var answer = await _client.GetAsync("/", Cancellation);
        var html = await answer.Content.ReadAsStringAsync(Cancellation);

        Assert.Equal((HttpStatusCode.OK, "text/html; charset=utf-8"), (answer.StatusCode, answer.Content.Headers.ContentType!.ToString()));
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Equal("nosniff", Field("X-Content-Type-Options"));
        Assert.Equal("no-referrer", Field("Referrer-Policy"));
        Assert.Equal("same-origin", Field("Cross-Origin-Resource-Policy"));
        var policy = Field("Content-Security-Policy").Split("; ");
        Assert.Equal("default-src 'none'", policy[0]);
        Assert.Contains("connect-src 'self'", policy);
        Assert.Contains("frame-ancestors 'none'", policy);
        Assert.DoesNotContain("unsafe", Field("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("://", html.Replace("https%3A%2F%2F", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain(" src=", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http-equiv", html, StringComparison.Ordinal);

        string Field(string name) => answer.Headers.GetValues(name).Single();
    }

    [Fact]
    public async Task It_can_be_read_and_nothing_else()
    {
        using var head = await _client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/"), Cancellation);
        Assert.Equal((HttpStatusCode.OK, "text/html"), (head.StatusCode, head.Content.Headers.ContentType!.MediaType));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancellation));
        foreach (var method in new[] { HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Options })
        {
            using var answer = await _client.SendAsync(new HttpRequestMessage(method, "/"), Cancellation);
            Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET, HEAD"), (answer.StatusCode, string.Join(", ", answer.Content.Headers.Allow)));
        }
    }

    [Theory]
    [InlineData("?part=all", "'part' can only be 'live'.")]
    [InlineData("?other=1", "'other' is not known.")]
    [InlineData("?q=a&q=b", "Each can be given once.")]
    [InlineData("?<script>=1", "'<script>' is not known.")]
    public async Task A_query_that_makes_no_sense_is_400_with_what_does(string query, string error)
    {
        using var answer = await _client.GetAsync("/" + query, Cancellation);
        Assert.Equal((HttpStatusCode.BadRequest, "text/plain"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.StartsWith(error, await answer.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_search_longer_than_any_URL_is_400_and_an_empty_one_is_none()
    {
        using var answer = await _client.GetAsync("/?q=" + new string('a', 2049), Cancellation);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.DoesNotContain("id=\"found\"", await _client.GetStringAsync("/?q=%20", Cancellation), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://www.site.test/new/section-3/page-345.html?x=1")]
    [InlineData("/new/section-3/page-345.html")]
    [InlineData("PAGE-345.html")]
    public async Task A_page_is_explained_by_its_URL_its_path_and_a_part_of_it(string text)
    {
        var html = await FindAsync(text);
        Assert.Contains("Page <span class=\"url\">www.site.test/new/section-3/page-345.html</span>", html, StringComparison.Ordinal);
        Assert.Contains("<dt>gets</dt><dd>15 of 15</dd>", html, StringComparison.Ordinal);
        Assert.Contains("/assets/section-3/1-3f9c2a.js</span> script, head-script</th>\n<td>103 or push</td>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_resource_is_explained_with_the_pages_that_name_it()
    {
        var html = await FindAsync("https://www.site.test/assets/section-3/1-3f9c2a.js");
        Assert.Contains("<p>100 known pages name it. Its size is 12.3 kB", html, StringComparison.Ordinal);
        Assert.Contains("page-345.html", await FindAsync("/assets/page-345/2-3f9c2a.css"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_known_is_said_to_be_so_and_why_that_may_be() =>
        Assert.Contains("It is no known page, and no known page names it", await FindAsync("https://other.test/"), StringComparison.Ordinal);

    [Fact]
    public async Task What_only_one_connection_was_sent_is_not_shown()
    {
        fixture.Shown.LearnFromOne("https://www.site.test/secret.css");
        Assert.DoesNotContain("secret.css", (await FindAsync("secret")).Replace("about <span class=\"url\">secret", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.DoesNotContain("secret.css", await FindAsync("/told-to-one"), StringComparison.Ordinal);
        Assert.Contains("It names nothing of which everybody may be told", await FindAsync("/told-to-one"), StringComparison.Ordinal);
    }

    private async Task<string> FindAsync(string text)
    {
        var html = await _client.GetStringAsync("/?q=" + Uri.EscapeDataString(text), Cancellation);
        var from = html.IndexOf("<section id=\"found\"", StringComparison.Ordinal);
        return html[from..html.IndexOf("<div id=\"sections\">", from, StringComparison.Ordinal)];
    }

    public sealed class Program : IAsyncLifetime
    {
        internal ShownProgram Shown { get; private set; } = null!;

        public HttpClient Client { get; } = new();

        public async ValueTask InitializeAsync()
        {
            Shown = await ShownProgram.StartAsync();
            Shown.Proof = SampleProof.Of(ProofVerdict.Gain);
            Shown.Learn(400);
            Client.BaseAddress = Shown.Dashboard;
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Shown.DisposeAsync();
        }
    }
}
