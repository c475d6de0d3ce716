using PushProxy.Testing;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using PushProxy.Testing.Stores;
using Xunit;

namespace PushProxy.EndToEnd.Instances;

/// <summary>
/// Session affinity by an encrypted cookie: whichever instance a client comes to, it keeps its server. Each instance has a data directory of
/// its own.
/// </summary>
public sealed class AffinityTests : IAsyncDisposable
{
    private readonly ScriptedSite _first = new(), _second = new();
    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, UseCookies = false });

    [Fact]
    public async Task A_cookie_of_one_instance_is_honoured_by_the_other_once_there_is_a_redis()
    {
        _first.On("/", "200 OK", "Cache-Control: no-store", "first");
        _second.On("/", "200 OK", "Cache-Control: no-store", "second");
        await using var redis = await RedisProcess.StartAsync();
        await redis.KillAsync();
        using var file = new TemporaryFile($$"""
            {
              "PushProxy": { "Shared": { "Redis": "{{redis.Connection}}" } },
              "ReverseProxy": {
                "Routes": { "site": { "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
                "Clusters": {
                  "site": {
                    "LoadBalancingPolicy": "RoundRobin",
                    "SessionAffinity": { "Enabled": true, "Policy": "Cookie", "AffinityKeyName": "server" },
                    "Destinations": { "first": { "Address": "{{_first.Url}}" }, "second": { "Address": "{{_second.Url}}" } }
                  }
                }
              }
            }
            """);
        using var certificate = new TestCertificate();
        await using var a = await PushProxyProcess.StartAsync(certificate, "--config", file.Path);
        await using var b = await PushProxyProcess.StartAsync(certificate, "--config", file.Path);

        // Alone, each has keys of its own, and honours its own cookies.
        var (ofA, atA) = await VisitAsync(a);
        var (ofB, atB) = await VisitAsync(b);
        Assert.Equal((null, atA), await VisitAsync(a, ofA));
        Assert.Equal((null, atB), await VisitAsync(b, ofB));
        Assert.NotNull((await VisitAsync(b, ofA)).Cookie);
        Assert.NotNull((await VisitAsync(a, ofB)).Cookie);

        await redis.StartAgainAsync();
        await HonouredAsync(b, ofA!, atA);
        await HonouredAsync(a, ofB!, atB);

        // What Redis has lost is there again for a third one.
        await redis.SayAsync("FLUSHALL");
        await using var c = await PushProxyProcess.StartAsync(certificate, "--config", file.Path);
        await HonouredAsync(c, ofA!, atA);
        await HonouredAsync(c, ofB!, atB);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    // A cookie that can't be read is replaced, and the load is balanced: of two visits in turn, one comes to the other server.
    private Task HonouredAsync(PushProxyProcess proxy, string cookie, string server) => Eventually.TrueAsync(
        async () => await VisitAsync(proxy, cookie) == (null, server) && await VisitAsync(proxy, cookie) == (null, server),
        () => $"The cookie was never honoured.\n{proxy.Log}");

    private async Task<(string? Cookie, string Server)> VisitAsync(PushProxyProcess proxy, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Cleartext);
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{response.StatusCode}\n{proxy.Log}");
        var set = response.Headers.TryGetValues("Set-Cookie", out var values) ? values.SingleOrDefault(IsAffinity)?.Split(';')[0] : null;
        return (set, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static bool IsAffinity(string cookie) => cookie.StartsWith("server=", StringComparison.Ordinal);
}
