using System.Text.Json;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Health;

/// <summary>What the store did is counted by route: in the list of what is known, and in the metrics.</summary>
public sealed class RouteTotalsTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_route_has_totals_of_its_own()
    {
        var text = string.Join('\n', Enumerable.Range(0, 2000).Select(static i => $".c{i} {{ width: {i}px }}"));
        await using var site = await TestSite.StartAsync(http =>
        {
            http.Response.ContentType = "text/css";
            http.Response.Headers.CacheControl = "max-age=600";
            return http.Response.WriteAsync(text);
        });
        await using var proxy = await RunningProxy.StartAsync(
            "--origin", site.Address,
            "--ReverseProxy:Routes:images:Match:Path=/images/{**rest}",
            "--ReverseProxy:Routes:private:Match:Path=/private/{**rest}",
            "--ReverseProxy:Routes:private:Metadata:PushProxy.Policy=off");
        foreach (var path in new[] { "/a.css", "/a.css", "/a.css", "/images/b.css", "/images/b.css", "/private/c.css" })
        {
            await proxy.GetStringAsync(path);
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(proxy.Address, "/images/b.css"));
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "br");
        using var encoded = await proxy.Client.SendAsync(request, Cancellation);
        var length = (await encoded.Content.ReadAsByteArrayAsync(Cancellation)).Length;

        using var document = JsonDocument.Parse(await proxy.Client.GetStringAsync(new Uri(proxy.Management, "/pages"), Cancellation));
        var routes = document.RootElement.GetProperty("routes").EnumerateArray().ToDictionary(static r => r.GetProperty("route").GetString()!);
        Assert.Equal((2, 1, 2L * text.Length), (Number("pushproxy-origin", "hits"), Number("pushproxy-origin", "misses"), Number("pushproxy-origin", "savedBytes")));
        Assert.Equal((2, 1, 2L * text.Length), (Number("images", "hits"), Number("images", "misses"), Number("images", "savedBytes")));
        Assert.Equal((0, text.Length - length), (Number("pushproxy-origin", "encodingSavedBytes"), Number("images", "encodingSavedBytes")));

        var metrics = (await proxy.Client.GetStringAsync(new Uri(proxy.Management, "/metrics"), Cancellation)).Split('\n');
        Assert.Equal(2, Metric("pushproxy_cache_requests_total", "outcome=\"hit\"", "route=\"images\""));
        Assert.Equal(2, Metric("pushproxy_cache_requests_total", "outcome=\"hit\"", "route=\"pushproxy-origin\""));
        Assert.Equal(2 * text.Length, Metric("pushproxy_cache_saved_bytes_total", "route=\"images\""));
        Assert.Equal(text.Length - length, Metric("pushproxy_encoding_saved_bytes_total", "route=\"images\""));

        long Number(string route, string name) => routes[route].GetProperty(name).GetInt64();

        double Metric(string name, params string[] labels)
        {
            var line = Assert.Single(metrics, l => l.StartsWith(name + "{", StringComparison.Ordinal) && labels.All(label => l.Contains(label, StringComparison.Ordinal)));
            return double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
        }
    }
}
