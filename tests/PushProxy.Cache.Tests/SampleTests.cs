using PushProxy.Cache.Tests.Support;
using PushProxy.Testing;
using Xunit;

namespace PushProxy.Cache.Tests;

/// <summary>samples/Cache: a caching reverse proxy of some thirty lines, by curl.</summary>
public sealed class SampleTests
{
    private const string Sign = "Now listening on: ";

    [Fact]
    public async Task Keeps_what_its_origin_sends_and_says_so()
    {
        await using var origin = await CachedSite.OfAsync(("Cache-Control", "max-age=60"));
        origin.Scope = HttpCacheScope.Off;
        await using var sample = RunningTool.Start(
            "dotnet", Path.Combine(AppContext.BaseDirectory, "PushProxy.Samples.Cache.dll"), "--origin", origin.Address.AbsoluteUri, "--urls",
            "http://127.0.0.1:0");
        await sample.UntilAsync(() => sample.Output.Contains(Sign, StringComparison.Ordinal), "the address it listens on");
        var url = sample.Output.Split(Sign)[1].Split('\n')[0].Trim();
        foreach (var status in new[] { "PushProxy; fwd=uri-miss; fwd-status=200; stored", "PushProxy; hit; ttl=" })
        {
            var answer = await ExternalTool.RunAsync("curl", ["-si", url]);
            Assert.Contains($"Cache-Status: {status}", answer.Output, StringComparison.Ordinal);
            Assert.EndsWith("body 1", answer.Output, StringComparison.Ordinal);
        }
    }
}
