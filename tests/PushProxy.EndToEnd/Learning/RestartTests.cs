using System.Globalization;
using PushProxy.EndToEnd.Delivery;
using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Learning;

/// <summary>The program ends, asked or killed, and starts again in front of the same site.</summary>
public sealed class RestartTests : IAsyncLifetime
{
    private const string Host = ":authority: shop.test";

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("pushproxy-data-");
    private readonly TestCertificate _certificate = new();
    private readonly ScriptedSite _origin = new();

    // Half a day of them by hand, a few each time the tests run.
    private static int Kills => int.Parse(Environment.GetEnvironmentVariable("PUSHPROXY_KILLS") ?? "6", CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _origin.DisposeAsync();
        _certificate.Dispose();
        _data.Delete(recursive: true);
    }

    [Fact]
    public async Task What_was_learned_is_pushed_with_the_first_request_after_a_restart()
    {
        _origin.Files("/a.css", "/b.js");
        _origin.Page("/", EarlySite.Elements("/a.css", "/b.js"));
        await using (var before = await StartAsync())
        {
            await LearnAsync(before);
            Assert.Equal(0, await before.StopAsync());
        }

        await using var after = await StartAsync();
        var held = _origin.Hold("/");
        await using var client = Nghttp.Get(after.Secure, Host);
        await client.UntilAsync(
            static t => t.Pushed("/a.css")?.End is not null && t.Pushed("/b.js")?.End is not null, "two pushes while the page is held back");
        Assert.Null(client.Trace.Page);
        held.Release();
        var seen = await client.EndAsync();
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Contains("Read back 1 pages", after.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_persistence_switched_off_nothing_is_kept()
    {
        _origin.Files("/a.css");
        _origin.Page("/", EarlySite.Elements("/a.css"));
        await using (var before = await StartAsync("--PushProxy:Learning:Persist=false"))
        {
            await LearnAsync(before);
            await before.StopAsync();
        }

        Assert.Empty(_data.GetFiles("knowledge*"));
        await using var after = await StartAsync("--PushProxy:Learning:Persist=false");
        Assert.StartsWith("head", (await Nghttp.RunAsync(after.Secure, Host)).Page!.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_purged_does_not_come_back_because_the_program_was_killed()
    {
        _origin.Files("/a.css");
        _origin.Page("/", EarlySite.Elements("/a.css"));
        await using (var before = await StartAsync())
        {
            await LearnAsync(before);
            Assert.Equal(0, await before.StopAsync());
        }

        var kept = new FileInfo(Path.Combine(_data.FullName, "knowledge"));
        var length = kept.Length;
        await using (var between = await StartAsync())
        {
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(between.Management, "/purge?all"));
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}");
            await Eventually.TrueAsync(
                () =>
                {
                    kept.Refresh();
                    return kept.Length < length;
                },
                () => "The file still has what was purged.\n" + between.Log);
            between.Kill();
        }

        await using var after = await StartAsync();
        Assert.StartsWith("head;not-early=unknown", (await Nghttp.RunAsync(after.Secure, Host)).Page!.Decision, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_file_is_set_aside_and_the_program_starts()
    {
        await File.WriteAllTextAsync(Path.Combine(_data.FullName, "knowledge"), "PushProxy knowledge\nbut not quite", TestContext.Current.CancellationToken);
        await using var proxy = await StartAsync();
        Assert.Contains("is not used: it has version", proxy.Log, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(_data.FullName, "knowledge.set-aside")));
    }

    [Fact]
    public async Task Whenever_it_is_killed_it_starts_again_and_tells_nobody_what_one_visitor_alone_was_sent()
    {
        var random = new Random(20261130);
        var visitors = 0;
        _origin.Files("/a.css", "/b.css");
        _origin.Page("/", EarlySite.Elements("/a.css", "/b.css"));

        // Each visitor of these gets a name of their own.
        _origin.On("/own", request => request.WriteAsync(RawRequest.Response(
            "200 OK", "Content-Type: text/html",
            ScriptedSite.Html(EarlySite.Elements("/a.css", $"/secret-{Interlocked.Increment(ref visitors)}.css")))));
        var read = 0;
        for (var round = 0; round <= Kills; round++)
        {
            await using var proxy = await StartAsync("--PushProxy:Learning:PersistEvery=00:00:01");
            var first = await Nghttp.RunAsync(new Uri(proxy.Secure, "/"), Host);
            var own = await Nghttp.RunAsync(new Uri(proxy.Secure, "/own"), Host, "--no-push");
            Assert.Equal((200, 200), (first.Page!.Status, own.Page!.Status));
            Assert.DoesNotContain(first.Promised, static p => p.Contains("secret", StringComparison.Ordinal));
            Assert.DoesNotContain(own.Hints.SelectMany(static h => h.Links), static l => l.Target.Contains("secret", StringComparison.Ordinal));
            Assert.DoesNotContain("is not used", proxy.Log, StringComparison.Ordinal);
            Assert.DoesNotContain("fail:", proxy.Log, StringComparison.Ordinal);
            read += first.Promised.SequenceEqual(["/a.css", "/b.css"]) ? 1 : 0;

            // Under load, until it is killed.
            using var ended = new CancellationTokenSource();
            var load = Task.WhenAll(Enumerable.Range(0, 3).Select(_ => LoadAsync(proxy.Secure, ended.Token)));
            await Task.Delay(random.Next(200, 2600), TestContext.Current.CancellationToken);
            proxy.Kill();
            await ended.CancelAsync();
            await load;
        }

        Assert.True(read > 0, "It never knew the page at its first request.");
    }

    private static async Task LoadAsync(Uri proxy, CancellationToken ended)
    {
        while (!ended.IsCancellationRequested)
        {
            // Each time as another client. What is under way when the program is killed fails.
            using var client = new PageRequests();
            try
            {
                await client.GetAsync(new Uri(proxy, "/"), host: "shop.test");
                await client.GetAsync(new Uri(proxy, "/own"), host: "shop.test");
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }

    private static async Task LearnAsync(PushProxyProcess proxy)
    {
        await Eventually.TrueAsync(
            async () => (await Nghttp.RunAsync(proxy.Secure, Host)).Page!.Decision.StartsWith("learned, ", StringComparison.Ordinal),
            () => $"The page was never learned.\n{proxy.Log}");
        await Eventually.TrueAsync(
            async () => !(await Nghttp.RunAsync(proxy.Secure, Host)).Page!.Decision.Contains("skip=", StringComparison.Ordinal),
            () => $"Its resources were never learned.\n{proxy.Log}");
    }

    private Task<PushProxyProcess> StartAsync(params string[] options) => PushProxyProcess.StartAsync(
        _certificate,
        ["--origin", _origin.Url.AbsoluteUri, "--PushProxy:Defaults:DebugHeader=true", "--PushProxy:Learning:RecheckPause=00:00:00",
            $"--PushProxy:DataDirectory={_data.FullName}", .. options]);
}
