using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Averages a page's think time and length over its last few responses. A response that comes sooner than expected weighs more, because
/// pushes for a think time that does not exist delay the page.
/// </summary>
internal sealed class PageTiming
{
    /// <summary>The weight of the newest response, and its weight if it came sooner than expected.</summary>
    private const double Weight = 0.25, SoonerWeight = 0.75;

    private long _thinkTicks = -1;
    private long _bytes = -1;

    /// <summary>The average time from the request to the head of the response; null before the first response.</summary>
    public TimeSpan? ThinkTime => Volatile.Read(ref _thinkTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>The average bytes of content, with its content coding; null before the first response that states its length.</summary>
    public long? Bytes => Volatile.Read(ref _bytes) is >= 0 and var bytes ? bytes : null;

    /// <summary>The forecast for the next response.</summary>
    public PageForecast Forecast => new(ThinkTime ?? TimeSpan.Zero, Bytes);

    /// <summary>The averages, to be kept, or as they were kept.</summary>
    public SavedTiming Saved
    {
        get => new(Volatile.Read(ref _thinkTicks), Volatile.Read(ref _bytes));
        set => (_thinkTicks, _bytes) = (value.ThinkTicks, value.Bytes);
    }

    // Two concurrent responses may lose one observation. An average tolerates that.
    public void Observe(TimeSpan think, long? bytes)
    {
        Average(ref _thinkTicks, think.Ticks, SoonerWeight);
        if (bytes is { } length)
        {
            Average(ref _bytes, length);
        }
    }

    private static void Average(ref long average, long value, double soonerWeight = Weight)
    {
        var before = Volatile.Read(ref average);
        var weight = value < before ? soonerWeight : Weight;
        Volatile.Write(ref average, before < 0 ? value : before + (long)(weight * (value - before)));
    }
}
