using System.Text.Json;

namespace PushProxy.Load.Tests.Visitors;

/// <summary>How many views a percentile needs before it is one.</summary>
public sealed class LatencyTests
{
    [Theory]
    [InlineData(50, 2)]
    [InlineData(90, 10)]
    [InlineData(95, 20)]
    [InlineData(99, 100)]
    public void It_needs_as_many_views_as_leave_one_beyond_it(int percent, int views) => Assert.Equal(views, Latency.Needed(percent));

    [Theory]
    [InlineData(0, null, null, null)]
    [InlineData(1, null, null, null)]
    [InlineData(2, 5.0, null, null)]
    [InlineData(9, 5.0, null, null)]
    [InlineData(10, 5.0, 9.0, null)]
    [InlineData(99, 5.0, 9.0, null)]
    [InlineData(100, 5.0, 9.0, 9.9)]
    public void Of_fewer_there_is_none(long views, double? half, double? most, double? nearlyAll)
    {
        // What the visitors say, who know of no such rule.
        var told = $$"""{"count":{{views}},"p50":5,"p90":9,"p99":9.9,"max":10}""";
        var latency = JsonSerializer.Deserialize<Latency>(told, JsonSerializerOptions.Web)!;
        Assert.Equal((half, most, nearlyAll, 10), (latency.P50, latency.P90, latency.P99, latency.Max));
        Assert.Equal(latency, JsonSerializer.Deserialize<Latency>(JsonSerializer.Serialize(latency)));
    }
}
