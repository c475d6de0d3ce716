using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using PushProxy.Server.Dashboard.Figures;

namespace PushProxy.Server.Tests.Dashboard;

/// <summary>The dashboard's sums of what instruments count.</summary>
public sealed class TallyTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Tally _tally;
    private readonly Meter _meter;

    public TallyTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _tally = new Tally(factory);
        _meter = factory.Create("PushProxy");
    }

    public void Dispose()
    {
        _tally.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Counters_are_added_up_by_their_tags_and_gauges_are_as_they_are()
    {
        var counter = _meter.CreateCounter<long>("counted");
        counter.Add(2, Tag("fate", "delivered"), Tag("route", "a"));
        counter.Add(3, Tag("route", "b"), Tag("fate", "delivered"));
        counter.Add(4, Tag("fate", "refused"), Tag("sent", true));
        var level = 7;
        _meter.CreateObservableGauge("level", () => level);

        var read = _tally.Read();
        level = 5;
        var again = _tally.Read();

        Assert.Equal((9, 5, 4), (read["counted"], read["counted", "delivered"], read["counted", "refused"]));
        Assert.Equal([("delivered", 5L), ("refused", 4L)], read.By("counted"));
        Assert.Contains(new Sum("refused", "true", 4), read.Of("counted"));
        Assert.Equal((7, 5), (read["level"], again["level"]));
        Assert.Equal(0, read["never counted"]);
    }

    [Fact]
    public void Other_meters_and_those_of_other_programs_in_this_process_are_left_alone()
    {
        using var others = new ServiceCollection().AddMetrics().BuildServiceProvider();
        others.GetRequiredService<IMeterFactory>().Create("PushProxy").CreateCounter<long>("counted").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("Other").CreateCounter<long>("counted").Add(1);
        Assert.Equal(0, _tally.Read()["counted"]);
    }

    [Fact]
    public async Task However_many_values_a_tag_has_the_sums_are_bounded_and_nothing_is_lost()
    {
        var counter = _meter.CreateCounter<long>("counted");
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 5000; i++)
            {
                counter.Add(1, Tag("reason", $"{i}"));
            }
        })));
        var read = _tally.Read();
        Assert.Equal(20_000, read["counted"]);
        Assert.Equal(TallyOfOne.Max + 1, read.Of("counted").Count);
    }

    private static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
