using System.Collections.Concurrent;
using System.Text;
using PushProxy.Testing;
using PushProxy.Tests.Knowledge.Shells;
using Xunit;

namespace PushProxy.Tests.Forwarding.Shells;

/// <summary>Shells through the whole proxy, over HTTP/2.</summary>
public sealed class ShellFlowTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private static readonly string Page = VisitedSite.Page(1000, "<p>first");
    private static readonly string Shell = Page[..(Page.LastIndexOf('>') + 1)];

    private readonly ConcurrentQueue<string> _asked = new();
    private volatile string _html = Page;
    private volatile TaskCompletionSource _thinks = Done();

    [Fact]
    public async Task A_shell_comes_before_the_origin_has_answered_and_the_rest_behind_it()
    {
        await using var site = await StartAsync();
        using var browser = ProxiedSite.Browser(site.Address, window: 64 * 1024);
        await LearnAsync(browser);
        _thinks = new();
        _html = Shell + "second";
        using var answer = await browser.SendAsync(Request(), HttpCompletionOption.ResponseHeadersRead, Cancellation);
        var body = await answer.Content.ReadAsStreamAsync(Cancellation);
        var begun = new byte[Shell.Length];
        await body.ReadExactlyAsync(begun, Cancellation);
        Assert.Equal(Shell, Encoding.UTF8.GetString(begun));
        Assert.Equal("text/html; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        _thinks.SetResult();
        Assert.Equal("second", await new StreamReader(body).ReadToEndAsync(Cancellation));
    }

    [Fact]
    public async Task When_it_was_wrong_the_origins_answer_comes_with_the_reload_and_the_origin_is_asked_once()
    {
        await using var site = await StartAsync();
        using var browser = ProxiedSite.Browser(site.Address, window: 64 * 1024);
        await LearnAsync(browser);
        _html = VisitedSite.Page(500, "</p>different");
        _asked.Clear();
        var told = await GetAsync(browser);
        Assert.StartsWith(Shell, told, StringComparison.Ordinal);
        Assert.Contains("location.reload()", told, StringComparison.Ordinal);
        Assert.Equal(_html, await GetAsync(browser));
        Assert.Single(_asked);
    }

    [Fact]
    public async Task Nobody_is_sent_a_wrong_one_while_the_answer_that_showed_it_waits_for_its_client()
    {
        await using var site = await StartAsync();
        using var browser = ProxiedSite.Browser(site.Address, window: 64 * 1024);
        using var other = ProxiedSite.Browser(site.Address, window: 64 * 1024);
        await LearnAsync(browser);

        // Too long to be held as a whole.
        _html = VisitedSite.Page(200, "</p>" + new string('x', 4 * 1024 * 1024));
        Assert.Contains("location.reload()", await GetAsync(browser), StringComparison.Ordinal);
        Assert.Equal(_html, await GetAsync(other));
        Assert.Equal(_html, await GetAsync(browser));
    }

    private Task<ProxiedSite> StartAsync() => ProxiedSite.StartAsync(
        async http =>
        {
            _asked.Enqueue(http.Request.Path);
            await _thinks.Task;
            await ProxiedSite.Html(http, _html);
        },
        options =>
        {
            options.Defaults = options.Defaults with { Shell = ShellMode.On };
            options.Shell = new ShellOptions { After = 1, Views = 2, Clients = 1, MinThinkTime = TimeSpan.Zero, MaxKeptBytes = 16 * 1024 };
        },
        http2: true);

    private async Task LearnAsync(HttpClient browser)
    {
        _html = Page;
        await Eventually.AnswerAsync(
            async () =>
            {
                using var answer = await browser.SendAsync(Request(), Cancellation);
                return answer.Headers.TryGetValues("PushProxy-Decision", out var decision) ? string.Join(',', decision) : "";
            },
            decision => decision.Contains("shell=sent", StringComparison.Ordinal), "a page that begins with a shell");
    }

    private static async Task<string> GetAsync(HttpClient browser)
    {
        using var answer = await browser.SendAsync(Request(), Cancellation);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static HttpRequestMessage Request()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/") { Version = new Version(2, 0) };
        request.Headers.TryAddWithoutValidation("User-Agent", "Browser");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Dest", "document");
        request.Headers.TryAddWithoutValidation("Sec-Fetch-Mode", "navigate");
        return request;
    }

    private static TaskCompletionSource Done()
    {
        var done = new TaskCompletionSource();
        done.SetResult();
        return done;
    }
}
