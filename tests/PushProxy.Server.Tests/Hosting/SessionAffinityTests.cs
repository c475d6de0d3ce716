using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Hosting;

public class SessionAffinityTests
{
    [Fact]
    public async Task Client_keeps_its_destination_over_a_restart()
    {
        await using var first = await TestSite.SayingAsync("first");
        await using var second = await TestSite.SayingAsync("second");
        using var folder = new TempFolder();
        folder.Write("config/appsettings.json", $$"""
            {
              "PushProxy": { "DataDirectory": "{{folder["data"]}}" },
              "ReverseProxy": {
                "Routes": { "site": { "ClusterId": "site", "Match": { "Path": "/{**all}" } } },
                "Clusters": {
                  "site": {
                    "LoadBalancingPolicy": "RoundRobin",
                    "SessionAffinity": { "Enabled": true, "Policy": "Cookie", "AffinityKeyName": "server" },
                    "Destinations": { "first": { "Address": "{{first.Address}}" }, "second": { "Address": "{{second.Address}}" } }
                  }
                }
              }
            }
            """);

        string cookie;
        string destination;
        await using (var before = await RunningProxy.StartAsync([], null, folder.Path))
        {
            using var response = await before.GetAsync("/");
            cookie = response.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
            destination = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }

        await using var after = await RunningProxy.StartAsync([], null, folder.Path);
        for (var i = 0; i < 4; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, after.Address) { Headers = { { "Cookie", cookie } } };
            using var response = await after.Client.SendAsync(request, TestContext.Current.CancellationToken);

            // A cookie that can't be read would be replaced, and the load balanced.
            Assert.False(response.Headers.Contains("Set-Cookie"));
            Assert.Equal(destination, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }
}
