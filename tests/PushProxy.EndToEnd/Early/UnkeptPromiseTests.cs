using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>A promised request that the proxy itself answers, before it has an origin: what it says then is nothing to push.</summary>
public sealed class UnkeptPromiseTests(UnkeptPromiseTests.Site site) : IClassFixture<UnkeptPromiseTests.Site>
{
    [Fact]
    public async Task A_script_that_no_destination_has_is_not_pushed_as_a_503()
    {
        const string page = "/page/", script = "/nowhere/a.js";
        site.Origin.Page(page, EarlySite.Elements("/good.css", script));
        site.Origin.Files("/good.css");
        await site.LearnAsync(page);

        var seen = await Nghttp.RunAsync(site.Url(page));

        Assert.Equal(("CANCEL", 0), (seen.Pushed(script)!.End, seen.Pushed(script)!.Bytes));
        Assert.Null(seen.Pushed(script)!.Answer);
        Assert.Equal("complete", seen.Pushed("/good.css")!.End);
        Assert.Equal((200, "complete"), (seen.Page!.Status, seen.PageEnd));
        Assert.Empty(seen.Errors);
    }

    /// <summary>One route has a cluster without a destination.</summary>
    public sealed class Site() : EarlySite(
        "--ReverseProxy:Routes:nowhere:ClusterId=empty", "--ReverseProxy:Routes:nowhere:Match:Path=/nowhere/{**rest}",
        "--ReverseProxy:Clusters:empty:LoadBalancingPolicy=FirstAlphabetical");
}
