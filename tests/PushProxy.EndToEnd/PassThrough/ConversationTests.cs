using PushProxy.Testing.Clients;
using PushProxy.Testing.Comparing;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>What goes to and fro: WebSockets over HTTP/1.1 and HTTP/2, calls in the manner of gRPC. Both ends of every hop vary.</summary>
public sealed class ConversationTests(PushProxyAndStock pair) : IClassFixture<PushProxyAndStock>
{
    /// <summary>Client's protocol, whether over TLS, and the origin's.</summary>
    public static TheoryData<string, bool, string> SocketHops => new()
    {
        { "1.1", false, Site.App },
        { "1.1", true, Site.App },
        { "2.0", true, Site.App },
        { "1.1", true, Site.AppOverHttp2 },
        { "2.0", true, Site.AppOverHttp2 },
    };

    [Theory]
    [MemberData(nameof(SocketHops))]
    public async Task A_WebSocket_talks_as_through_stock_YARP(string version, bool tls, string origin) =>
        await CompareAsync(
            proxy => SocketConversation.HoldAsync(
                new Uri(tls ? proxy.Secure : proxy.Cleartext, $"/{origin}/socket"), Version.Parse(version)),
            expected: "Binary of 100000 bytes, as sent");

    [Theory]
    [MemberData(nameof(SocketHops))]
    public async Task A_WebSocket_is_refused_as_through_stock_YARP(string version, bool tls, string origin) =>
        await CompareAsync(
            proxy => SocketConversation.HoldAsync(
                new Uri(tls ? proxy.Secure : proxy.Cleartext, $"/{origin}/no-socket-here"), Version.Parse(version)),
            expected: "refused");

    [Fact]
    public async Task A_call_with_answers_in_between_and_trailers_passes() =>
        await CompareAsync(
            proxy => StreamConversation.HoldAsync(
                new Uri(proxy.Secure, $"/{Site.AppOverHttp2}/stream"), "one", "two", new string('x', 50_000)),
            expected: "trailer grpc-status: 0");

    [Fact]
    public async Task A_call_that_fails_without_a_message_passes() =>
        await CompareAsync(
            proxy => StreamConversation.HoldAsync(new Uri(proxy.Secure, $"/{Site.AppOverHttp2}/refused-call")),
            expected: "header grpc-status: 7");

    private async Task CompareAsync(Func<IProxy, Task<Transcript>> talk, string expected)
    {
        var stock = await talk(pair.Stock);
        var ours = await talk(pair.Other);
        Assert.True(stock.Lines.Contains(expected), $"'{expected}' is not in\n{stock}\n{pair.Stock.Log}");
        Assert.True(
            Comparison.Differences(stock, ours, allowOurs: false) is [], $"Stock YARP:\n{stock}\n\nPushProxy:\n{ours}\n\n{pair.Other.Log}");
    }
}
