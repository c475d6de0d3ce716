using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.Dashboard;

/// <summary>What the dashboard of the program itself shows of visits.</summary>
public sealed class RealProgramTests
{
    [Fact]
    public async Task It_counts_visits_and_explains_pages_and_resources()
    {
        using var certificate = new TestCertificate();
        await using var proxy = await PushProxyProcess.StartAsync(certificate, "--PushProxy:Defaults:DebugHeader=true", "--PushProxy:Defaults:Cache=assets", "--PushProxy:Defaults:HoldOut=5");
        await EarlySite.UntilToldAsync(new Uri(proxy.Secure, "/slow"), () => proxy.Log, "learned");
        using var client = new HttpClient { BaseAddress = proxy.Management };

        // A figure of each kind: of the proxy's counters, of the known pages, and of the store.
        var whole = await client.GetStringAsync("/", TestContext.Current.CancellationToken);
        Assert.Contains("Not yet decided: no page view has been measured.", whole, StringComparison.Ordinal);
        Assert.DoesNotContain("<h3>Page views</h3><p class=\"figure\">0</p>", whole, StringComparison.Ordinal);
        Assert.Contains("1 of 1 destination</span> of <code>pushproxy-origin</code>", whole, StringComparison.Ordinal);
        Assert.Contains("<caption>The store, by route</caption>", whole, StringComparison.Ordinal);

        var page = await client.GetStringAsync("/?q=/slow", TestContext.Current.CancellationToken);
        Assert.Contains("/css/framework.css</span> style, head-stylesheet</th>\n<td>103 or push</td>", page, StringComparison.Ordinal);
        Assert.Contains("<code>async-script</code> <span class=\"meaning\">It is an async script", page, StringComparison.Ordinal);
        var resource = await client.GetStringAsync("/?q=/css/framework.css", TestContext.Current.CancellationToken);
        Assert.Contains("1 known page names it.", resource, StringComparison.Ordinal);
    }
}
