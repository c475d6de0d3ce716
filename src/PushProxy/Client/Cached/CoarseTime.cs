using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>
/// An expiry as the cookie keeps it: whole minutes, and the coarser the farther off, so that it tells little of when the resource was
/// fetched and many share one. It lies before the real expiry by less than one eighth of what was left, or by less than a minute.
/// </summary>
/// <param name="Minutes">Since the start of 2020 UTC, 1 to 2²⁶ − 1; 0 is none.</param>
internal readonly record struct CoarseTime(uint Minutes)
{
    /// <summary>2²⁶ minutes end in 2147.</summary>
    public const int Bits = 26;

    /// <summary>The longest a resource is remembered; nothing may be kept for longer than browsers keep a cookie.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365);

    public static readonly CoarseTime None;

    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Rounds down to a multiple of the greatest power of two minutes that is at most one eighth of the time left.</summary>
    /// <returns><see cref="None"/> when nothing of it is left.</returns>
    public static CoarseTime Of(DateTimeOffset until, DateTimeOffset now)
    {
        var left = until - now;
        if (left <= TimeSpan.Zero || now < Epoch)
        {
            return None;
        }

        left = left < MaxLifetime ? left : MaxLifetime;
        var end = (now - Epoch + left).Ticks / TimeSpan.TicksPerMinute;
        var step = BitOperations.Log2((uint)(left.Ticks / TimeSpan.TicksPerMinute / 8) | 1);
        var coarse = new CoarseTime((uint)((end >> step) << step));
        return end >> Bits == 0 && coarse.IsAfter(now) ? coarse : None;
    }

    /// <summary>The whole minutes that have passed: a coarse time is over when they reach it.</summary>
    public static uint MinutesAt(DateTimeOffset now) =>
        (uint)Math.Clamp((now - Epoch).Ticks / TimeSpan.TicksPerMinute, 0, 1L << Bits);

    public bool IsAfter(DateTimeOffset now) => Minutes > MinutesAt(now);

    public DateTimeOffset ToInstant() => Epoch + TimeSpan.FromMinutes(Minutes);
}
