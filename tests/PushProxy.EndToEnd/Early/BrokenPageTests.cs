using PushProxy.EndToEnd.PassThrough;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>
/// A page that fails after its resources were pushed or hinted: the client gets for the page what stock YARP gives, and what was pushed
/// arrives all the same.
/// </summary>
public sealed class BrokenPageTests(BrokenPageTests.Proxies proxies) : IClassFixture<BrokenPageTests.Proxies>
{
    private const string HtmlOf100 = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100\r\n\r\n";

    // What the origin does; where it breaks off within a page, it waits until the client has begun to read.
    private static readonly Dictionary<string, Func<RawRequest, Task, Task>> Ways = new()
    {
        ["reset"] = Then("", r => r.Reset()),
        ["closed"] = Then("", r => r.Close()),
        ["reset-in-head"] = Then("HTTP/1.1 200 OK\r\nContent-Ty", r => r.Reset()),
        ["reset-in-body"] = Then(HtmlOf100 + "<head><link rel=stylesheet href=a.css>", r => r.Reset(), withinBody: true),
        ["closed-in-body"] = Then(HtmlOf100 + "<head><link rel=stylesheet href=a.css>", r => r.Close(), withinBody: true),
        ["garbage"] = Then("\x16\x03\x01\x00\xA5garbage\r\n\r\n", r => r.Close()),
        ["bad-gateway"] = (r, _) => r.WriteAsync(RawRequest.Response("502 Bad Gateway", "Content-Type: text/html", "<p>no")),
        ["unavailable"] = (r, _) => r.WriteAsync(RawRequest.Response("503 Service Unavailable", "Retry-After: 9", "")),
        ["unchanged"] = (r, _) => r.WriteAsync("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"),
        ["two-lengths"] = Then(
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nbody", r => r.Close()),
        ["hangs"] = (r, _) => r.HangAsync(),
        ["hangs-in-body"] = async (r, _) =>
        {
            await r.WriteAsync(HtmlOf100 + "<head><link rel=stylesheet href=a.css>");
            await r.HangAsync();
        },
    };

    /// <summary>In how many ways a page can fail.</summary>
    public static TheoryData<string> Names => [.. Ways.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_page_fails_as_it_does_behind_stock_YARP(string way)
    {
        // A request may stand still for three seconds in the folder of those that hang.
        var folder = $"/{(way.StartsWith("hangs", StringComparison.Ordinal) ? Site.Impatient : Site.Plain)}/{way}/";
        foreach (var option in new[] { "accept-language: en", "--no-push" })
        {
            await proxies.LearnAsync(folder);
            var (stock, ours) = (await ViewAsync(proxies.Stock, folder, option, way), await ViewAsync(proxies.Ours, folder, option, way));

            Assert.Equal(PageOf(stock), PageOf(ours));
            Assert.Empty(ours.Errors);
            if (option == "--no-push")
            {
                Assert.Equal([folder + "a.css"], Assert.Single(ours.Hints).Preloads);
            }
            else
            {
                Assert.Equal("complete", ours.Pushed(folder + "a.css")?.End);
            }
        }
    }

    // All that the client is told of the page, but for what is ours to add and the time of day.
    private static string PageOf(Http2Trace seen) => string.Join('\n',
        (seen.Page?.Fields ?? []).Where(f => f.Name is not ("link" or "date" or "pushproxy-decision")).Select(f => $"{f.Name}: {f.Value}")
            .Append($"{seen.PageBytes} bytes, {seen.PageEnd}"));

    private async Task<Http2Trace> ViewAsync(IProxy proxy, string page, string option, string way)
    {
        var begun = new TaskCompletionSource();
        proxies.On(page, request => Ways[way](request, begun.Task));
        await using var client = Nghttp.Get(new Uri(proxy.Secure, page), "accept: text/html", option);
        await client.UntilAsync(t => t.PageBytes > 0 || t.PageEnd is not null, "anything of the page");
        begun.TrySetResult();
        return await client.EndAsync();
    }

    private static Func<RawRequest, Task, Task> Then(string bytes, Action<RawRequest> end, bool withinBody = false) =>
        async (request, begun) =>
    {
        await request.WriteAsync(bytes);
        await (withinBody ? begun : Task.CompletedTask);
        end(request);
    };

    /// <summary>Stock YARP and the program in front of the same site.</summary>
    public sealed class Proxies : IAsyncLifetime
    {
        private Site _site = null!;

        /// <summary>The reference.</summary>
        public IProxy Stock { get; private set; } = null!;

        /// <summary>The program.</summary>
        public PushProxyProcess Ours { get; private set; } = null!;

        /// <inheritdoc/>
        public async ValueTask InitializeAsync()
        {
            _site = await Site.StartAsync();
            Stock = await StockYarp.StartAsync(_site.Configuration, _site.Certificate);
            Ours = await PushProxyProcess.StartAsync(
                _site.Certificate, "--config", _site.ConfigurationFile, "--PushProxy:Defaults:DebugHeader=true",
                // The page's fields are compared with stock YARP's.
                "--PushProxy:Defaults:CacheCookie=false");
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync()
        {
            foreach (var started in new IAsyncDisposable?[] { Ours, Stock, _site })
            {
                await (started?.DisposeAsync() ?? ValueTask.CompletedTask);
            }
        }

        /// <summary>Sets what answers for a path.</summary>
        internal void On(string path, Func<RawRequest, Task> answer) => _site.Origin.On(path, answer);

        /// <summary>Makes the program learn a page with one stylesheet.</summary>
        internal async Task LearnAsync(string folder)
        {
            _site.Origin.On(folder + "a.css", RawRequest.Response("200 OK", "Content-Type: text/css\nETag: \"1\"\nCache-Control: max-age=60", "p {}"));
            _site.Origin.On(
                folder, RawRequest.Response("200 OK", "Content-Type: text/html", ScriptedSite.Html("<link rel=stylesheet href=a.css>")));
            var page = new Uri(Ours.Secure, folder);
            await EarlySite.UntilToldAsync(page, () => Ours.Log, "learned");
        }
    }
}
