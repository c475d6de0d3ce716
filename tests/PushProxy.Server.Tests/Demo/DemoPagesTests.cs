using System.Net;
using PushProxy.Server.Demo;

namespace PushProxy.Server.Tests.Demo;

public class DemoPagesTests(DemoSiteFixture site) : IClassFixture<DemoSiteFixture>
{
    private static readonly string[] Paths = ["/", "/shop", "/blog", "/blog/2016/hello", "/admin", "/slow?think=0"];

    public static TheoryData<string> Pages { get; } = [.. Paths];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_HTML_over_HTTP_1_1_and_must_be_revalidated(string path)
    {
        using var response = await site.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpVersion.Version11, response.Version);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.Equal("no-cache", response.Headers.CacheControl!.ToString());
        Assert.NotNull(response.Headers.ETag);
        Assert.NotNull(response.Content.Headers.LastModified);
        Assert.False(response.Headers.Contains("Link"), "a legacy site names nothing in advance");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Page_is_valid_and_everything_it_names_is_there(string path)
    {
        var address = new Uri(site.Client.BaseAddress!, path);
        using var page = await DemoCrawl.ParseAsync(address, await TextAsync(path));

        Assert.NotEmpty(page.Title!);
        Assert.All(DemoCrawl.PagesLinkedFrom(page), link => Assert.Equal(address.Authority, link.Authority));
        foreach (var url in DemoCrawl.ResourcesOf(page).Distinct())
        {
            await AssertServedAsync(url);
        }
    }

    [Fact]
    public async Task Links_lead_to_pages_that_exist()
    {
        var seen = new HashSet<string>();
        foreach (var path in Paths)
        {
            using var page = await DemoCrawl.ParseAsync(new Uri(site.Client.BaseAddress!, path), await TextAsync(path));
            seen.UnionWith(DemoCrawl.PagesLinkedFrom(page).Select(url => url.AbsolutePath));
        }

        Assert.Superset(Paths.Select(path => path.Split('?')[0]).ToHashSet(), seen);
        foreach (var path in seen)
        {
            using var response = await site.GetAsync(path + "?think=0");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task No_file_is_left_over()
    {
        var used = new HashSet<string>(["/404", .. Paths.Select(path => path.Split('?')[0])]);
        foreach (var path in Paths)
        {
            using var page = await DemoCrawl.ParseAsync(new Uri(site.Client.BaseAddress!, path), await TextAsync(path));
            foreach (var url in DemoCrawl.ResourcesOf(page).Where(url => used.Add(url.AbsolutePath) && url.AbsolutePath.EndsWith(".css", StringComparison.Ordinal)))
            {
                used.UnionWith(DemoCrawl.ResourcesOf(url, await TextAsync(url.PathAndQuery)).Select(found => found.AbsolutePath));
            }
        }

        Assert.Equal(DemoFiles.Load().Paths.Order(), used.Order());
    }

    [Theory]
    [InlineData("/css/framework.css", 36_000, 46_000)]
    [InlineData("/img/hero.jpg", 100_000, 150_000)]
    [InlineData("/fonts/fernhill.woff2", 4_000, 20_000)]
    [InlineData("/js/dollar.js", 8_000, 30_000)]
    public async Task Heavy_files_weigh_what_such_files_do(string path, int least, int most)
    {
        using var response = await site.GetAsync(path);
        Assert.InRange(response.Content.Headers.ContentLength!.Value, least, most);
    }

    [Fact]
    public async Task Pages_worth_opening_are_all_there()
    {
        Assert.Equal("/", DemoSite.Pages[0].Path);
        foreach (var page in DemoSite.Pages)
        {
            Assert.NotEmpty(page.Title);
            Assert.NotEmpty(page.LookFor);
            using var response = await site.GetAsync(page.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    private async Task<string> TextAsync(string path) => await site.Client.GetStringAsync(path, TestContext.Current.CancellationToken);

    private async Task AssertServedAsync(Uri url)
    {
        Assert.Equal(site.Client.BaseAddress!.Authority, url.Authority);
        using var response = await site.GetAsync(url.PathAndQuery);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{url} answered {(int)response.StatusCode}");

        var (type, most) = Path.GetExtension(url.AbsolutePath) switch
        {
            ".css" => ("text/css; charset=utf-8", 46_000),
            ".js" => ("application/javascript; charset=utf-8", 30_000),
            ".jpg" => ("image/jpeg", 150_000),
            ".png" => ("image/png", 10_000),
            ".ico" => ("image/x-icon", 10_000),
            ".woff2" => ("font/woff2", 20_000),
            var other => throw new InvalidOperationException($"{other} is not expected on the demo site"),
        };
        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
        Assert.InRange(response.Content.Headers.ContentLength!.Value, 100, most);
        Assert.Equal("public, max-age=3600", response.Headers.CacheControl!.ToString());
        Assert.NotNull(response.Headers.ETag);

        if (type.StartsWith("text/css", StringComparison.Ordinal))
        {
            foreach (var named in DemoCrawl.ResourcesOf(url, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)))
            {
                await AssertServedAsync(named);
            }
        }
    }
}
