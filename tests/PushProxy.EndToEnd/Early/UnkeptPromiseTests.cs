using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A promised request that the proxy itself answers, before it has an origin: what it says then is nothing to push.</summary>
public sealed class UnkeptPromiseTests(UnkeptPromiseTests.Site site) : IClassFixture<UnkeptPromiseTests.Site>
{
    [Fact]
    public async Task A_script_that_no_destination_has_is_never_pushed_as_a_503()
    {
        const string page = "/page/", script = "/nowhere/a.js";
        site.Origin.Page(page, EarlySite.Elements("/good.css", script));
        site.Origin.Files("/good.css");
        var seen = await Nghttp.RunAsync(site.Url(page));
        await Eventually.TrueAsync(
            async () => (seen = await Nghttp.RunAsync(site.Url(page), "accept: text/html")).Promised.SequenceEqual(["/good.css"]),
            () => $"The page came with pushes of {string.Join(", ", seen.Promised)}.\n{site.Proxy.Log}");

        // The proxy has no origin to ask, and so nobody has answered for it.
        Assert.Contains($"\"{script}\";as=script;found=head-script;skip=not-answered", seen.Page!.Decision, StringComparison.Ordinal);
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Empty(seen.Errors);
    }

    /// <summary>One route has a cluster whose only destination is found down at once.</summary>
    public sealed class Site() : EarlySite(
        "--ReverseProxy:Routes:nowhere:ClusterId=empty", "--ReverseProxy:Routes:nowhere:Match:Path=/nowhere/{**rest}",
        "--ReverseProxy:Clusters:empty:Destinations:down:Address=http://127.0.0.1:1",
        "--ReverseProxy:Clusters:empty:HealthCheck:AvailableDestinationsPolicy=HealthyAndUnknown",
        "--ReverseProxy:Clusters:empty:HealthCheck:Active:Enabled=true",
        "--ReverseProxy:Clusters:empty:HealthCheck:Active:Interval=00:00:00.1",
        "--ReverseProxy:Clusters:empty:HealthCheck:Active:Timeout=00:00:01",
        "--ReverseProxy:Clusters:empty:HealthCheck:Active:Policy=ConsecutiveFailures",
        "--ReverseProxy:Clusters:empty:Metadata:ConsecutiveFailuresHealthPolicy.Threshold=1");
}
