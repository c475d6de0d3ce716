using PushProxy.Testing;
using Xunit;

namespace PushProxy.EndToEnd.Early;

/// <summary>One connection over which a page is viewed again and again. It has the program for itself, which counts.</summary>
public sealed class ManyViewsTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Fact]
    public async Task Three_hundred_views_over_one_connection_leave_nothing_behind()
    {
        const int Views = 300;
        // What may not be kept is pushed anew with each view.
        string[] resources = [.. Enumerable.Range(0, 4).Select(i => $"/many/{i}.css")];
        await site.LearnAsync("/many/", resources);
        foreach (var resource in resources)
        {
            site.Origin.On(resource, "200 OK", "Content-Type: text/css\nCache-Control: no-cache", new string(' ', 5000));
        }

        await using var client = NodeViews.Start(site.Url("/many/"), Views);
        var events = await client.EndAsync();

        var promised = 0;
        var views = new List<List<string>> { new() };
        foreach (var e in events)
        {
            if (e.Name == "promised")
            {
                views[^1].Add(e.Path!);
                promised++;
            }
            else if (e.Name == "view")
            {
                Assert.Equal((200, 0), (e.Number("status"), e.Number("code")));
                views.Add([]);
            }
        }

        Assert.Equal(Views + 1, views.Count);
        Assert.All(views, v => Assert.Equal(v.Distinct(), v));
        Assert.Equal(resources, views[0]);
        Assert.DoesNotContain(events, e => e.Name is "error" or "goaway");
        Assert.All(
            events.Where(e => e.Name == "pushed"),
            e => Assert.Equal((200, 0, 5000), (e.Number("status"), e.Number("code"), e.Number("bytes"))));

        // Nothing is under way any more, and nothing was learned twice.
        var ended = 0.0;
        await Eventually.TrueAsync(
            async () => (ended = await site.Proxy.MetricAsync("pushproxy_pushes_total")) == promised,
            () => $"Of {promised} pushes {ended} ended.");
        Assert.Equal(0, await site.Proxy.MetricAsync("pushproxy_learning_buffered_bytes"));
        Assert.Equal(0, await site.Proxy.MetricAsync("pushproxy_errors_total"));
    }
}
