using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;
using static PushProxy.EndToEnd.ClientCache.CachedPage;

namespace PushProxy.EndToEnd.ClientCache;

/// <summary>A policy may do without the cookie; it is switched off here while clients have one.</summary>
public sealed class CookieOffTests(CookieOffTests.Site site) : IClassFixture<CookieOffTests.Site>
{
    [Fact]
    public async Task None_is_set_and_one_that_is_sent_is_not_heeded_and_still_kept_from_the_origin()
    {
        site.Configure(cookie: true);
        var page = await MakeAsync(site, "/off/");
        await UntilAsync(page, setsCookie: true);
        var cookie = await CookieJar.EarnAsync(site, page);
        site.Configure(cookie: false);
        await UntilAsync(page, setsCookie: false);

        await using var client = NodeConnection.Open(site.Proxy.Secure);
        var view = await page.ViewAsync(client, $"cookie: a=1; {CookieJar.Name}={cookie}");

        Assert.Equal(page.Resources, view.Promised);
        Assert.Null(view.SetCookie());
        Assert.Null(view["cache-control"]);
        Assert.Equal("a=1", site.Origin.RequestsFor(page.Path)[^1].Value("Cookie"));
        Assert.All(page.Resources, r => Assert.Equal("a=1", site.Origin.RequestsFor(r)[^1].Value("Cookie")));

        // What was learned on the connection still counts.
        Assert.Empty((await page.LookAsync(client)).Delivered);
    }

    private async Task UntilAsync(CachedPage page, bool setsCookie)
    {
        await using var client = NodeConnection.Open(site.Proxy.Secure, push: false);
        await Eventually.TrueAsync(
            async () => (await page.LookAsync(client)).SetCookie() is not null == setsCookie,
            () => "The changed setting never came into force.\n" + site.Proxy.Log);
    }

    /// <summary>Reads a file that may change.</summary>
    public sealed class Site : CacheSite
    {
        private readonly string _file;

        /// <summary>With the cookie.</summary>
        public Site()
            : this(Path.GetTempFileName())
        {
        }

        private Site(string file)
            : base("--config", file) => _file = Written(file, cookie: true);

        /// <summary>Switches the cookie on or off.</summary>
        public void Configure(bool cookie) => Written(_file, cookie);

        private static string Written(string file, bool cookie)
        {
            File.WriteAllText(file, $$"""{ "PushProxy": { "Defaults": { "CacheCookie": {{(cookie ? "true" : "false")}} } } }""");
            return file;
        }
    }
}
