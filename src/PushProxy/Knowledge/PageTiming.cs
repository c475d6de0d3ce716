using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// How long the origin thinks about a page, and how long the page is: moving averages over its last few responses. A page that comes
/// sooner than expected is believed sooner: what is pushed for a think time that is not there stands in its way.
/// </summary>
internal sealed class PageTiming
{
    /// <summary>The weight of the newest response.</summary>
    private const double Weight = 0.25, SoonerWeight = 0.75;

    private long _thinkTicks = -1;
    private long _bytes = -1;

    /// <summary>From the request to the response's head; null before the first.</summary>
    public TimeSpan? ThinkTime => Volatile.Read(ref _thinkTicks) is >= 0 and var ticks ? TimeSpan.FromTicks(ticks) : null;

    /// <summary>Bytes of content as coded; null before the first whose length was stated.</summary>
    public long? Bytes => Volatile.Read(ref _bytes) is >= 0 and var bytes ? bytes : null;

    /// <summary>What is expected of the next response.</summary>
    public PageForecast Forecast => new(ThinkTime ?? TimeSpan.Zero, Bytes);

    // Two responses at once may lose one observation, which an average does not miss.
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
