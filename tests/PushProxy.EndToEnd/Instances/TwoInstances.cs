using PushProxy.EndToEnd.Delivery;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using PushProxy.Testing.Stores;
using Xunit;

namespace PushProxy.EndToEnd.Instances;

/// <summary>Two processes of the program in front of one site, and a Redis that they share.</summary>
public sealed class TwoInstances : IAsyncLifetime
{
    private const string Host = "shop.test";
    private readonly TestCertificate _certificate = new();

    /// <summary>The site.</summary>
    public ScriptedSite Origin { get; } = new();

    /// <summary>What they share.</summary>
    public RedisProcess Redis { get; private set; } = null!;

    /// <summary>The first.</summary>
    public PushProxyProcess A { get; private set; } = null!;

    /// <summary>The second.</summary>
    public PushProxyProcess B { get; private set; } = null!;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        Redis = await RedisProcess.StartAsync();
        (A, B) = (await StartAsync(), await StartAsync());
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await (A?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (B?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (Redis?.DisposeAsync() ?? ValueTask.CompletedTask);
        await Origin.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>Starts one more.</summary>
    public Task<PushProxyProcess> StartAsync(params string[] options) => PushProxyProcess.StartAsync(
        _certificate,
        ["--origin", Origin.Url.AbsoluteUri, "--PushProxy:Defaults:DebugHeader=true", "--PushProxy:Learning:RecheckPause=00:00:00",
            "--PushProxy:Learning:SharedByAddresses=1", $"--PushProxy:Shared:Redis={Redis.Connection}", .. options]);

    /// <summary>Asks for a page with nghttp, which takes pushes.</summary>
    public static Task<Http2Trace> AskAsync(PushProxyProcess proxy, string path, params string[] fields) =>
        Nghttp.RunAsync(new Uri(proxy.Secure, path), [$":authority: {Host}", .. fields]);

    /// <summary>Asks for a page whose origin does not answer. What is promised or hinted is what the program knew.</summary>
    public async Task<IReadOnlyList<string>> KnownAsync(PushProxyProcess proxy, string path, params string[] fields)
    {
        var held = Origin.Hold(path);
        await using var client = Nghttp.Get(new Uri(proxy.Secure, path), [$":authority: {Host}", "accept: text/html", .. fields]);
        await held.ArrivedAsync();
        var known = client.Trace.Promised.Concat(client.Trace.Hints.SelectMany(static h => h.Links).Select(static l => l.Target)).ToList();
        held.Release();
        await client.EndAsync();
        return known;
    }

    /// <summary>Asks an instance for a page, each time as another client, until it has learned it with all it needs.</summary>
    public static Task LearnAsync(PushProxyProcess proxy, string path) => Eventually.TrueAsync(
        async () =>
        {
            using var client = new PageRequests();
            var decision = (await client.GetAsync(new Uri(proxy.Secure, path), host: Host)).Decision;
            return decision.StartsWith("learned", StringComparison.Ordinal) && !decision.Contains("skip=", StringComparison.Ordinal);
        },
        () => $"{path} was never learned.\n{proxy.Log}");

    /// <summary>Waits until an instance knows what a page needs before its origin has answered.</summary>
    public Task UntilKnownAsync(PushProxyProcess proxy, string path, string[] resources, params string[] fields) => Eventually.TrueAsync(
        async () => (await KnownAsync(proxy, path, fields)).SequenceEqual(resources),
        () => $"It never knew that {path} needs {string.Join(", ", resources)}.\n{proxy.Log}");
}
