using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Demo;

namespace PushProxy.Server.Tests.Demo;

public class ThinkTimeTests(DemoSiteFixture site) : IClassFixture<DemoSiteFixture>
{
    [Theory]
    [InlineData("/", "", 0)]
    [InlineData("/slow", "", 800)]
    [InlineData("/slow", "?think=0", 0)]
    [InlineData("/", "?think=300", 300)]
    [InlineData("/", "?think=5001", 5000)]
    [InlineData("/", "?think=99999999999999999999999999", 5000)]
    [InlineData("/", "?think=-1", 0)]
    [InlineData("/", "?think=1e3", 0)]
    [InlineData("/slow", "?think=soon", 800)]
    [InlineData("/slow", "?think=", 800)]
    [InlineData("/slow", "?think=1&think=2", 800)]
    public void Query_decides_within_limits(string path, string query, int milliseconds)
    {
        var request = new DefaultHttpContext().Request;
        request.Path = path;
        request.QueryString = new QueryString(query);

        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), ThinkTime.Of(request));
    }

    [Theory]
    [InlineData("/slow", 800)]
    [InlineData("/shop?think=400", 400)]
    public async Task Nothing_of_a_page_arrives_before_its_time(string path, int milliseconds)
    {
        var watch = Stopwatch.StartNew();
        using var response = await site.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);

        // The server's timer may run a few milliseconds ahead of this clock.
        Assert.True(watch.ElapsedMilliseconds >= milliseconds - 20, $"The first byte came after {watch.ElapsedMilliseconds} ms.");
    }

    [Fact]
    public async Task Files_never_wait()
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var page = site.Client.GetAsync("/?think=5000", enough.Token);
        using var file = await site.GetAsync("/css/theme.css?think=5000");

        Assert.False(page.IsCompleted, "The file came no sooner than the page.");
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => page);
    }
}
