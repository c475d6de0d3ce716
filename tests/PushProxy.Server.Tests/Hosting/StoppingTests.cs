using System.Net;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;
using PushProxy.Testing.Clients;

namespace PushProxy.Server.Tests.Hosting;

/// <summary>The end of the program behind a balancer: what it says, what it still serves, and what a second signal does.</summary>
public sealed class StoppingTests : IAsyncDisposable
{
    private const string Body = "late, but whole";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;
    private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TempFolder _data = new();
    private readonly Task<TestSite> _site;

    public StoppingTests() => _site = TestSite.StartAsync(async http =>
    {
        if (http.Request.Path == "/held")
        {
            await http.Response.WriteAsync(Body[..4]);
            await http.Response.Body.FlushAsync();
            _asked.SetResult();
            await _answer.Task.WaitAsync(http.RequestAborted);
            await http.Response.WriteAsync(Body[4..]);
        }
        else
        {
            await http.Response.WriteAsync("the site");
        }
    });

    [Fact]
    public async Task It_is_not_ready_first_then_accepts_nothing_more_and_then_what_is_under_way_ends_whole()
    {
        await using var proxy = await StartAsync("00:00:06");
        await using var held = Nghttp.Get(new Uri(proxy.Address, "/held"));
        await _asked.Task.WaitAsync(Cancellation);
        Assert.Equal((HttpStatusCode.OK, "ready"), await ReadyAsync(proxy));

        // Load, of which each request has a connection of its own.
        var isStopping = false;
        var load = Enumerable.Range(0, 4).Select(_ => LoadAsync(proxy.Address, () => Volatile.Read(ref isStopping))).ToList();
        proxy.Terminate();
        await Eventually.EqualAsync((HttpStatusCode.ServiceUnavailable, "stopping"), () => ReadyAsync(proxy));
        Volatile.Write(ref isStopping, true);
        Assert.Equal(["the site"], (await Task.WhenAll(load)).SelectMany(static bodies => bodies).Distinct());
        Assert.DoesNotContain(held.Trace.Frames, static f => f.Type == "GOAWAY");

        await held.UntilAsync(static trace => trace.Frames.Any(static f => f is { Sent: false, Type: "GOAWAY" }), "GOAWAY");
        Assert.False(await Ports.AcceptsAsync(proxy.Address.Port));
        Assert.Null(held.Trace.PageEnd);
        _answer.SetResult();

        var trace = await held.EndAsync();
        Assert.Equal((200, Body.Length, "complete"), (trace.Page?.Status, trace.PageBytes, trace.PageEnd));
        Assert.Empty(trace.Errors);
        Assert.Equal(0, await proxy.ExitCodeAsync());
        Assert.Contains("connections are accepted for another 00:00:06", proxy.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_drain_what_is_under_way_ends_whole_for_Nodes_client_too()
    {
        await using var proxy = await StartAsync("00:00:00");
        await using var node = NodeConnection.Open(proxy.Address);
        var held = node.GetAsync("/held");
        await _asked.Task.WaitAsync(Cancellation);

        proxy.Terminate();
        await Eventually.EqualAsync(false, () => Ports.AcceptsAsync(proxy.Address.Port));
        _answer.SetResult();

        Assert.Equal((200, Body, 0), await held is var answer ? (answer.Status, answer.Body, answer.Code) : default);
        Assert.Equal(0, await proxy.ExitCodeAsync());
    }

    [Theory]
    [InlineData("00:10:00", false)]
    [InlineData("00:10:00", true)]
    [InlineData("00:00:00", false)]
    public async Task A_second_signal_ends_all_at_once_and_what_was_learned_is_kept(string drainTime, bool isInterrupt)
    {
        await using var proxy = await StartAsync(drainTime);
        var held = proxy.GetStringAsync("/held");
        await _asked.Task.WaitAsync(Cancellation);

        proxy.Terminate();
        await Eventually.TrueAsync(
            async () => proxy.Log.Text.Contains("Told to stop: ", StringComparison.Ordinal) || !await Ports.AcceptsAsync(proxy.Address.Port),
            static () => "It did not begin to stop.");
        Assert.True(isInterrupt ? Signals.Interrupt(proxy.ProcessId) : Signals.Terminate(proxy.ProcessId));

        await Assert.ThrowsAsync<HttpRequestException>(() => held);
        Assert.Equal(0, await proxy.ExitCodeAsync());
        Assert.Contains("Told to stop again: requests under way are cut off", proxy.Log.Text, StringComparison.Ordinal);
        Assert.True(File.Exists(_data["knowledge"]));
    }

    [Fact]
    public async Task A_start_that_fails_waits_for_nobody()
    {
        var result = await Pushproxy.RunAsync(
            "--origin", "http://127.0.0.1:1", "--listen", "http://192.0.2.1:8080", "--PushProxy:Management:Listen=none", "--PushProxy:DrainTime=00:10:00");

        Assert.Equal(1, result.ExitCode);
    }

    public async ValueTask DisposeAsync()
    {
        _answer.TrySetResult();
        await (await _site).DisposeAsync();
        _data.Dispose();
    }

    private async Task<RunningProxy> StartAsync(string drainTime) => await RunningProxy.StartAsync(
        Pushproxy.Program,
        [
            "--origin", (await _site).Address, "--listen", "https://127.0.0.1:0", "--PushProxy:Management:Listen=http://127.0.0.1:0",
            $"--PushProxy:DataDirectory={_data.Path}", $"--PushProxy:DrainTime={drainTime}",
        ]);

    private static async Task<(HttpStatusCode Status, string? Reason)> ReadyAsync(RunningProxy proxy)
    {
        using var response = await proxy.Client.GetAsync(new Uri(proxy.Management, "/healthz/ready"), Cancellation);
        using var body = System.Text.Json.JsonDocument.Parse(await response.Content.ReadAsStringAsync(Cancellation));
        return (response.StatusCode, body.RootElement.GetProperty("status").GetString());
    }

    // Until the end is near, and then some more.
    private static async Task<List<string>> LoadAsync(Uri address, Func<bool> isEnding)
    {
        const int more = 5;
        var bodies = new List<string>();
        for (var left = more; left > 0; left -= isEnding() ? 1 : 0)
        {
            bodies.Add(await AskAsync(address));
        }

        return bodies;
    }

    private static async Task<string> AskAsync(Uri address)
    {
#pragma warning disable CA5359 // The certificate is self-made.
        using var handler = new SocketsHttpHandler { UseProxy = false, SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true } };
#pragma warning restore CA5359
        using var client = new HttpClient(handler);
        return await client.GetStringAsync(address, Cancellation);
    }
}
