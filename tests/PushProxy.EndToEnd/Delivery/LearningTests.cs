using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Delivery;

/// <summary>The program in front of an origin whose pages change, over the network.</summary>
public sealed class LearningTests : IAsyncLifetime
{
    private readonly RawOrigin _origin = new();
    private readonly TestCertificate _certificate = new();
    private readonly PageRequests _requests = new();
    private PushProxyProcess _proxy = null!;

    public async ValueTask InitializeAsync() =>
        _proxy = await PushProxyProcess.StartAsync(
            _certificate, "--origin", _origin.Url.AbsoluteUri, "--PushProxy:Defaults:DebugHeader=true");

    public async ValueTask DisposeAsync()
    {
        _requests.Dispose();
        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _origin.DisposeAsync();
        _certificate.Dispose();
    }

    [Fact]
    public async Task A_page_names_what_it_needs_from_the_second_view_on_over_both_protocols()
    {
        _origin.On("/", Html("<link rel=stylesheet href=/a.css><script src=/b.js></script><script async src=/c.js></script>"));
        Serve("/a.css", "/b.js");
        await _requests.UntilPreloadsAsync(Page, ["/a.css", "/b.js"]);
        foreach (var (url, version) in new[] { (Page, "2.0"), (Page, "1.1"), (_proxy.Cleartext, "1.1") })
        {
            var response = await _requests.GetAsync(url, version);
            Assert.Equal(["style", "script"], response.Links.Select(l => l.As));
            Assert.Contains("async-script", response.Decision, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_never_seen_names_what_its_head_does()
    {
        _origin.On("/", Html("<link rel=stylesheet href=/a.css>"));
        Assert.Equal(["/a.css"], (await _requests.GetAsync(Page)).Preloads);
    }

    [Fact]
    public async Task A_resource_that_is_gone_is_named_no_more_until_it_is_back()
    {
        _origin.On("/", Html("<link rel=stylesheet href=/a.css><link rel=stylesheet href=/gone.css>"));
        _origin.On("/a.css", RawRequest.Response("200 OK", "Content-Type: text/css", "a{}"));
        await _requests.UntilPreloadsAsync(Page, ["/a.css", "/gone.css"]);

        await _requests.UntilPreloadsAsync(Page, ["/a.css"], alsoAskFor: "/gone.css");
        Assert.Contains("skip=missing", (await _requests.GetAsync(Page)).Decision, StringComparison.Ordinal);

        _origin.On("/gone.css", RawRequest.Response("200 OK", "Content-Type: text/css", "b{}"));
        await _requests.UntilPreloadsAsync(Page, ["/a.css", "/gone.css"], alsoAskFor: "/gone.css");
    }

    [Theory]
    [InlineData("ETag: \"1\"", "ETag: \"2\"")]
    [InlineData("X-No: validator", "X-No: validator")]
    public async Task A_page_that_changes_is_learned_anew(string before, string after)
    {
        _origin.On("/", Html("<link rel=stylesheet href=/old.css>", before));
        await _requests.UntilPreloadsAsync(Page, ["/old.css"]);
        _origin.On("/", Html("<link rel=stylesheet href=/new.css>", after));
        await _requests.UntilPreloadsAsync(Page, ["/new.css"]);
    }

    [Fact]
    public async Task The_origins_own_links_stay_and_are_not_repeated()
    {
        _origin.On(
            "/",
            Html(
                "<link rel=stylesheet href=/a.css><link rel=stylesheet href=/b.css>",
                "Link: </a.css>; rel=preload; as=style; x=1, </next>; rel=next"));
        string[] wanted = ["/a.css", "/next", "/b.css"];
        var links = await Eventually.AnswerAsync(
            async () => (await _requests.GetAsync(Page)).Links, links => links.Select(l => l.Target).SequenceEqual(wanted), "a third link");
        Assert.Equal("</a.css>; rel=preload; as=style; x=1", links[0].ToString());
    }

    [Fact]
    public async Task No_more_than_a_kilobyte_is_added_the_most_important_first()
    {
        string[] sheets = [.. Enumerable.Range(0, 64).Select(i => $"/a-stylesheet-with-a-long-name-{i}.css")];
        _origin.On("/", Html(string.Concat(sheets.Select(s => $"<link rel=stylesheet href={s}>"))));
        _origin.On("/short", Html("<link rel=stylesheet href=/a.css>"));
        await _requests.UntilPreloadsAsync(new Uri(Page, "/short"), ["/a.css"]);
        var response = await _requests.GetAsync(Page);
        Assert.InRange(response.LinkBytes, 900, 1024);
        Assert.Equal(sheets.Take(response.Links.Count), response.Preloads);
        Assert.Contains("skip=over-link-limit", response.Decision, StringComparison.Ordinal);
    }

    private Uri Page => _proxy.Secure;

    private void Serve(params string[] paths)
    {
        foreach (var path in paths)
        {
            _origin.On(
                path,
                RawRequest.Response(
                    "200 OK",
                    path.EndsWith(".css", StringComparison.Ordinal) ? "Content-Type: text/css" : "Content-Type: text/javascript",
                    "/**/"));
        }
    }

    private static string Html(string head, string field = "X-No: validator") =>
        RawRequest.Response(
            "200 OK", "Content-Type: text/html\n" + field, $"<!doctype html><html><head>{head}</head><body>x</body></html>");
}
