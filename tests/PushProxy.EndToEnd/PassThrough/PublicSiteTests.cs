using PushProxy.Testing;
using PushProxy.Testing.Clients;
using PushProxy.Testing.Origins;
using PushProxy.Testing.Proxies;
using Xunit;

namespace PushProxy.EndToEnd.PassThrough;

/// <summary>The origin believes that it is the public site, and what names it names the public site to clients.</summary>
public sealed class PublicSiteTests : InFrontOfAnOrigin
{
    private const string Name = "www.example.org";

    private string Destination => Origin.Url.Authority;

    public PublicSiteTests()
    {
        // As an application that makes its addresses from Host.
        Origin.On("/login", r => r.WriteAsync(RawRequest.Response(
            "302 Found",
            $"Location: http://{r.Head.Value("Host")}/after?next=1\nContent-Location: http://{Destination}/login\nRefresh: 3; url=http://{Destination}/after\n"
            + $"Link: <http://{Destination}/a.css>; rel=preload; as=style\nSet-Cookie: session=1; Domain={Origin.Url.Host}; Path=/; HttpOnly",
            "")));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Redirects_links_and_cookies_are_the_public_sites_with_and_without_its_host(bool preserve)
    {
        await using var proxy = await StartAsync(preserve ? [] : ["--PushProxy:Defaults:PreserveHost=false"]);
        foreach (var protocol in (string[])["--http1.1", "--http2"])
        {
            var head = await AskAsync(proxy, "/login", protocol);
            var site = $"https://{Name}:{proxy.Secure.Port}";
            Assert.Equal(preserve ? $"{Name}:{proxy.Secure.Port}" : Destination, Origin.RequestsFor("/login")[^1].Value("Host"));
            Assert.Equal($"{site}/after?next=1", head.Value("Location"));
            Assert.Equal($"{site}/login", head.Value("Content-Location"));
            Assert.Equal($"3; url={site}/after", head.Value("Refresh"));
            Assert.Equal($"<{site}/a.css>; rel=preload; as=style", head.Value("Link"));
            Assert.Equal("session=1; Path=/; HttpOnly", head.Value("Set-Cookie"));
            Assert.DoesNotContain(Destination, string.Join('\n', head.Fields), StringComparison.Ordinal);
        }

        Assert.DoesNotContain("names the destination", proxy.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task A_destinations_path_that_goes_leaves_no_way_to_another_site(string rest)
    {
        Origin.On("/app/out", "302 Found", $"Location: /app{rest}", "");
        await using var proxy = await PushProxyProcess.StartAsync(Certificate, "--origin", $"{Origin.Url}app/");
        Assert.Equal("/evil.example/", (await AskAsync(proxy, "/out", "--http2")).Value("Location"));
    }

    [Theory]
    [InlineData("exa_mple.test")]
    [InlineData("exa~mple.test")]
    [InlineData("a..test")]
    public async Task There_is_one_Host_whatever_name_a_client_chose(string name)
    {
        await using var proxy = await StartAsync([]);
        await Curl.HeadsAsync(new Uri(proxy.Secure, "/login"), "--http2", $"Host: {name}");
        Assert.Single(Origin.RequestsFor("/login")[^1].Values("Host"));
    }

    [Theory]
    // Without a policy, with one, and with a transform that sets Host.
    [InlineData("", "", false)]
    [InlineData("", "\"Metadata\": { \"PushProxy.Policy\": \"public\" },", true)]
    [InlineData("\"PreserveHost\": true", "", true)]
    [InlineData("\"PreserveHost\": true", "\"Transforms\": [ { \"RequestHeader\": \"Host\", \"Set\": \"set.example\" } ],", null)]
    [InlineData("\"PreserveHost\": false", "\"Transforms\": [ { \"RequestHeaderOriginalHost\": \"true\" } ],", true)]
    public async Task A_route_sends_the_destinations_name_unless_its_policy_or_a_transform_says_otherwise(string defaults, string route, bool? isPublic)
    {
        using var file = new TemporaryFile(
            $$$"""
            {"PushProxy": { "Defaults": { {{{defaults}}} }, "Policies": { "public": { "PreserveHost": true } } },
             "ReverseProxy": {
              "Routes": { "all": { {{{route}}} "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
              "Clusters": { "site": { "Destinations": { "only": { "Address": "{{{Origin.Url}}}" } } } }
            }}
            """);
        await using var proxy = await PushProxyProcess.StartAsync(Certificate, "--config", file.Path);
        await AskAsync(proxy, "/login", "--http2");
        Assert.Equal(
            isPublic switch { true => $"{Name}:{proxy.Secure.Port}", false => Destination, null => "set.example" },
            Origin.RequestsFor("/login")[^1].Value("Host"));
    }

    [Fact]
    public async Task A_page_that_still_names_the_destination_is_logged_once_with_what_to_set()
    {
        await using var proxy = await StartAsync(["--PushProxy:Defaults:PreserveHost=false"]);
        Origin.Page("/page", $"<link rel=stylesheet href=http://{Destination}/a.css>");
        Origin.Page("/other", $"<link rel=stylesheet href=http://{Destination}/b.css>");
        Origin.Page("/innocent", "<link rel=stylesheet href=/a.css>");
        foreach (var path in (string[])["/innocent", "/page", "/other"])
        {
            var analysed = await proxy.MetricAsync("pushproxy_learning_analysed_total");
            await AskAsync(proxy, path, "--http2");
            await Eventually.TrueAsync(
                async () => await proxy.MetricAsync("pushproxy_learning_analysed_total") > analysed, () => proxy.Log);
        }

        var line = Assert.Single(proxy.LinesWith("names the destination"));
        Assert.Contains($"{Name}:{proxy.Secure.Port}/page names the destination http://{Destination}", line, StringComparison.Ordinal);
        Assert.Contains("PushProxy:Defaults:PreserveHost", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_that_carries_the_destination_along_is_logged()
    {
        await using var proxy = await StartAsync(["--PushProxy:Defaults:PreserveHost=false"]);
        var back = Uri.EscapeDataString($"http://{Destination}/wp-admin/");
        Origin.On("/wp-admin/", "302 Found", $"Location: http://{Destination}/wp-login.php?redirect_to={back}", "");
        var head = await AskAsync(proxy, "/wp-admin/", "--http2");
        Assert.Equal($"https://{Name}:{proxy.Secure.Port}/wp-login.php?redirect_to={back}", head.Value("Location"));
        await Eventually.TrueAsync(
            () => Task.FromResult(proxy.Log.Contains("/wp-admin/ names the destination", StringComparison.Ordinal)), () => proxy.Log);
    }

    private static async Task<Head> AskAsync(PushProxyProcess proxy, string path, string protocol)
    {
        var url = new UriBuilder(proxy.Secure) { Host = Name, Path = path }.Uri;
        return (await Curl.HeadsAsync(url, protocol, $"--resolve {Name}:{proxy.Secure.Port}:127.0.0.1", "Accept: text/html"))[^1];
    }
}
