using System.Numerics;

namespace PushProxy.Client.Cached;

/// <summary>
/// An expiry as the cookie keeps it, in whole minutes. A later expiry is coarser, so that it reveals little about when the resource was
/// fetched and many resources share one expiry. It lies before the real expiry, by less than one eighth of the time left or by less than a
/// minute.
/// </summary>
/// <param name="Minutes">The minutes since the start of 2020 UTC, 1 to 2²⁶ − 1; 0 means no expiry.</param>
internal readonly record struct CoarseTime(uint Minutes)
{
    /// <summary>The number of bits of a time. 2²⁶ minutes last until 2147.</summary>
    public const int Bits = 26;

    /// <summary>The longest time a resource is remembered. It must not exceed the time that browsers keep a cookie.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(365);

    public static readonly CoarseTime None;

    private static readonly DateTimeOffset Epoch = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>
    /// Rounds an expiry down to a multiple of a number of minutes: the greatest power of two that is at most one eighth of the time left.
    /// </summary>
    /// <returns>The coarse time; <see cref="None"/> if no time is left.</returns>
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

    /// <summary>Returns the whole minutes that have passed. A coarse time is over when they reach it.</summary>
    public static uint MinutesAt(DateTimeOffset now) =>
        (uint)Math.Clamp((now - Epoch).Ticks / TimeSpan.TicksPerMinute, 0, 1L << Bits);

    public bool IsAfter(DateTimeOffset now) => Minutes > MinutesAt(now);

    public DateTimeOffset ToInstant() => Epoch + TimeSpan.FromMinutes(Minutes);
}
