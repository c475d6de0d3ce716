using System.Net;
using PushProxy.EndToEnd.Early;
using PushProxy.Testing;
using PushProxy.Testing.Clients;
using Xunit;

namespace PushProxy.EndToEnd.Learning;

/// <summary>What the origin is told by the requests that the program makes itself, to learn.</summary>
public sealed class OwnRequestTests(EarlySite site) : IClassFixture<EarlySite>
{
    [Fact]
    public async Task An_origin_can_recognise_them_and_does_not_take_them_for_local()
    {
        var request = await ReadingOfAsync("/own/");
        Assert.Matches(@"^PushProxy/\d+\.\d+ \(learning\)$", request.Value("User-Agent"));
        Assert.Equal(["192.0.2.1"], request.Values("X-Forwarded-For"));
        Assert.Equal(["https"], request.Values("X-Forwarded-Proto"));
        Assert.Equal([$"127.0.0.1:{site.Proxy.Secure.Port}"], request.Values("X-Forwarded-Host"));
        Assert.False(IPAddress.IsLoopback(IPAddress.Parse(request.Value("X-Forwarded-For")!)));
    }

    [Fact]
    public async Task They_tell_nothing_of_the_visitor_and_keep_no_cookies()
    {
        // The stylesheet and what it imports set cookies. No later request has them.
        site.Origin.On("/cookies/a.css", "200 OK", "Content-Type: text/css\nSet-Cookie: sheet=1; Path=/", "@import '/cookies/b.css';");
        site.Origin.On("/cookies/b.css", "200 OK", "Content-Type: text/css\nSet-Cookie: import=1; Path=/", "");
        site.Origin.Page("/cookies/", "<link rel=stylesheet href=/cookies/a.css>");
        await site.LearnAsync("/cookies/");
        var readings = new[] { "a.css", "b.css" }.Select(f => site.Origin.ReadingsOf("/cookies/" + f)).ToList();
        Assert.All(readings, Assert.NotEmpty);
        foreach (var request in readings.SelectMany(r => r))
        {
            Assert.Null(request.Value("Cookie"));
            Assert.Null(request.Value("Authorization"));
            Assert.Null(request.Value("Referer"));
            Assert.Equal("192.0.2.1", request.Value("X-Forwarded-For"));
        }
    }

    [Fact]
    public async Task A_visitor_cannot_pass_for_the_program()
    {
        site.Origin.Page("/forged/", "");
        using var client = new HttpClient(Http2Client.NewHandler());
        using var request = new HttpRequestMessage(HttpMethod.Get, site.Url("/forged/"));
        request.Headers.TryAddWithoutValidation("User-Agent", "visitor");
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.1");
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(["127.0.0.1"], Assert.Single(site.Origin.RequestsFor("/forged/")).Values("X-Forwarded-For"));
    }

    [Fact]
    public async Task They_are_counted()
    {
        var before = await CountAsync("fetched");
        var refused = await CountAsync("refused");
        await ReadingOfAsync("/counted/");
        await Eventually.EqualAsync(before + 1, () => CountAsync("fetched"));
        site.Origin.Page("/uncounted/", "<link rel=stylesheet href=/uncounted/missing.css>");
        await site.LearnAsync("/uncounted/");
        await Eventually.EqualAsync(refused + 1, () => CountAsync("refused"));
    }

    private async Task<Head> ReadingOfAsync(string folder)
    {
        await site.LearnAsync(folder, folder + "a.css");
        return Assert.Single(site.Origin.ReadingsOf(folder + "a.css"));
    }

    private Task<double> CountAsync(string outcome) => site.Proxy.MetricAsync("pushproxy_learning_fetches_total", $"outcome=\"{outcome}\"");
}
