using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using PushProxy.Knowledge.Sharing;
using Xunit;

namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>Records that are no knowledge of sites go to those who take their kind.</summary>
public sealed class PartTests : ISharedPart, ILogger<SharedKnowledge>
{
    private readonly List<string> _taken = [], _lines = [];
    private readonly List<bool> _caughtUp = [];

    string ISharedPart.Kind => "k";

    [Fact]
    public void Only_records_of_its_kind_come_to_a_part_and_what_it_can_not_take_is_warned_of_once()
    {
        var place = new SharedPlace();
        using var one = new Neighbour(place, new FakeTimeProvider(), parts: [this], logger: this);
        foreach (var key in (string[])["k:good", "p:00", "kk:1", "k", "k:bad", "k:worse", "z:1"])
        {
            one.Knowledge.Receive(new SharedRecord(key, "\u0002"u8.ToArray(), TimeSpan.FromHours(1)));
        }

        place.Empty();
        Assert.Equal(["k:good", "k:bad", "k:worse"], _taken);
        Assert.Equal([true, true], _caughtUp);
        Assert.Equal("Warning: What instances share has records that are not valid, such as 'k:bad'. They are left alone", Assert.Single(_lines));
    }

    bool ISharedPart.Take(SharedRecord record)
    {
        _taken.Add(record.Key);
        return record.Key == "k:good";
    }

    void ISharedPart.CaughtUp(bool isNew) => _caughtUp.Add(isNew);

    IDisposable? ILogger.BeginScope<TState>(TState state) => null;

    bool ILogger.IsEnabled(LogLevel logLevel) => true;

    void ILogger.Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Add($"{logLevel}: {formatter(state, exception)}");
}
