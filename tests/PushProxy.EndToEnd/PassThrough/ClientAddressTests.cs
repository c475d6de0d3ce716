using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>What the origin is told of clients: by proxies that are trusted, and by nobody else.</summary>
public sealed class ClientAddressTests : InFrontOfAnOrigin
{
    public ClientAddressTests()
    {
        Origin.On("/", "200 OK", "Content-Type: text/plain", "site");
    }

    [Fact]
    public async Task Only_trusted_proxies_say_who_a_client_is()
    {
        await using var proxy = await StartAsync("--PushProxy:TrustedProxies=127.77.0.0/16;127.78.0.1");
        string[] old = ["X-Forwarded-For: 203.0.113.7, 127.77.0.9", "X-Forwarded-Proto: http", "X-Forwarded-Host: www.example.org"];
        string[] standard = ["Forwarded: for=203.0.113.8;proto=https;host=www.example.org, for=\"[2001:db8::1]:4711\";proto=http"];

        // The nearest address that is no trusted proxy is the client's.
        await ExpectAsync(proxy, "127.77.1.1", old, "203.0.113.7", "http");
        await ExpectAsync(proxy, "127.78.0.1", old, "203.0.113.7", "http");
        await ExpectAsync(proxy, "127.77.1.1", standard, "2001:db8::1", "http");
        await ExpectAsync(proxy, "127.77.1.1", ["Forwarded: for=203.0.113.8;Proto=http"], "203.0.113.8", "http");

        // What a client writes into the fields that its proxy does not set.
        await ExpectAsync(proxy, "127.77.1.1", [.. old, "Forwarded: for=1.1.1.1;proto=https;host=evil.example"], "203.0.113.7", "http");
        await ExpectAsync(proxy, "127.77.1.1", ["X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: gopher, https, http"], "203.0.113.7", "http");
        await ExpectAsync(proxy, "127.77.1.1", ["X-Forwarded-Proto: http"], "127.77.1.1", "http");

        await ExpectAsync(proxy, "127.78.0.2", old, "127.78.0.2", "https");
        await ExpectAsync(proxy, "127.78.0.2", standard, "127.78.0.2", "https");
    }

    [Fact]
    public async Task Without_trusted_proxies_a_client_is_who_connects()
    {
        await using var proxy = await StartAsync();
        await ExpectAsync(proxy, "127.77.1.1", ["X-Forwarded-For: 203.0.113.7", "Forwarded: for=203.0.113.7"], "127.77.1.1", "https");
    }

    [Fact]
    public async Task The_origin_is_not_told_who_the_proxies_in_front_are()
    {
        await using var proxy = await StartAsync("--PushProxy:TrustedProxies:0=127.77.0.0/16");
        await Curl.HeadsFromAsync("127.77.1.1", proxy.Secure, "--http2", "X-Forwarded-For: 203.0.113.7", "X-Forwarded-Proto: http");
        var fields = Origin.RequestsFor("/")[^1].Fields;
        Assert.Contains(fields, static f => f.Value.Contains("203.0.113.7", StringComparison.Ordinal));
        Assert.DoesNotContain(fields, static f => f.Name.StartsWith("X-Original-", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_transform_that_writes_the_field_is_kept()
    {
        using var file = new TemporaryFile("""
            { "ReverseProxy": { "Routes": { "all": { "Match": { "Path": "/{**all}" }, "Transforms": [ { "Forwarded": "proto,for" } ] } } } }
            """);
        await using var proxy = await StartAsync("--config", file.Path);
        await Curl.HeadsFromAsync("127.77.1.1", proxy.Secure, "--http2", "Forwarded: for=203.0.113.7");
        var forwarded = Origin.RequestsFor("/")[^1].Value("Forwarded");
        Assert.StartsWith("proto=https;for=", forwarded, StringComparison.Ordinal);
        Assert.DoesNotContain("203.0.113.7", forwarded, StringComparison.Ordinal);
    }

    private async Task ExpectAsync(PushProxyProcess proxy, string from, string[] fields, string client, string scheme)
    {
        await Curl.HeadsFromAsync(from, proxy.Secure, ["--http2", .. fields]);
        var seen = Origin.RequestsFor("/")[^1];
        Assert.Equal(client, seen.Value("X-Forwarded-For"));
        Assert.Equal(scheme, seen.Value("X-Forwarded-Proto"));
        Assert.Equal(proxy.Secure.Authority, seen.Value("X-Forwarded-Host"));
        Assert.Equal(proxy.Secure.Authority, seen.Value("Host"));
        Assert.Null(seen.Value("Forwarded"));
    }
}
