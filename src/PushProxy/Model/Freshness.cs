using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>How long a browser that got a response may use it without asking again.</summary>
/// <param name="Kind">Whether there is such a time at all.</param>
/// <param name="Until">Its end, exclusive; only for <see cref="FreshnessKind.Fresh"/>.</param>
internal readonly record struct Freshness(FreshnessKind Kind, DateTimeOffset Until)
{
    public static readonly Freshness NotStored = new(FreshnessKind.NotStored, default);

    public static readonly Freshness Revalidate = new(FreshnessKind.Revalidate, default);

    public static Freshness FreshUntil(DateTimeOffset instant) => new(FreshnessKind.Fresh, instant);

    public bool IsFreshAt(DateTimeOffset now) => Kind == FreshnessKind.Fresh && now < Until;

    /// <summary>
    /// Works it out from a response (RFC 9111 §3, §4.2). In doubt the answer is the one that has the resource delivered again:
    /// nothing is said to be fresh for longer than a browser would take it to be.
    /// </summary>
    /// <param name="status">
    /// Of use are 200, 203, and 304, which renews what is stored. Of anything else nothing is kept that a delivery could save.
    /// </param>
    /// <param name="headers">As the client gets them.</param>
    /// <param name="now">
    /// When the request came in: the browser counts from the moment it asked (§4.2.3), half a round trip before.
    /// </param>
    /// <param name="maxHeuristic">The longest lifetime that is guessed from Last-Modified (§4.2.2).</param>
    public static Freshness Of(int status, IHeaderDictionary headers, DateTimeOffset now, TimeSpan maxHeuristic)
    {
        if (status is not (StatusCodes.Status200OK or StatusCodes.Status203NonAuthoritative or StatusCodes.Status304NotModified))
        {
            return NotStored;
        }

        var control = CacheControl.Parse(headers.CacheControl);
        if (control.NoStore)
        {
            return NotStored;
        }

        // A response's Pragma has no meaning (§5.4), but Chromium heeds it. Vary: * matches no later request (§4.1).
        if (control.NoCache || control.IsBroken || Contains(headers.Pragma, "no-cache") || Contains(headers.Vary, "*"))
        {
            return Revalidate;
        }

        var date = HttpDate.Parse(headers.Date) ?? now;
        var lifetime = Lifetime(control, headers, date, maxHeuristic);
        var age = CurrentAge(headers.Age, date, now);
        return lifetime > age && lifetime - age is var left && left < DateTimeOffset.MaxValue - now ? FreshUntil(now + left) : Revalidate;
    }

    /// <summary>RFC 9111 §4.2.1, for a private cache: max-age, else Expires, else a guess. What is invalid is stale.</summary>
    private static TimeSpan Lifetime(CacheControl control, IHeaderDictionary headers, DateTimeOffset date, TimeSpan maxHeuristic)
    {
        if (control.MaxAge is { } seconds || control.MaxAgeIsInvalid)
        {
            return control.MaxAgeIsInvalid ? TimeSpan.Zero : TimeSpan.FromSeconds(control.MaxAge!.Value);
        }

        if (headers.Expires.Count > 0)
        {
            return HttpDate.Parse(headers.Expires) is { } expires ? expires - date : TimeSpan.Zero;
        }

        // must-revalidate forbids no guess, but Chromium makes none then.
        if (control.MustRevalidate || HttpDate.Parse(headers.LastModified) is not { } modified)
        {
            return TimeSpan.Zero;
        }

        var guess = (date - modified) / 10;
        return guess < maxHeuristic ? guess : maxHeuristic;
    }

    /// <summary>
    /// RFC 9111 §4.2.3, without the time a response takes to reach the client. An Age that is none makes no response old.
    /// </summary>
    private static TimeSpan CurrentAge(StringValues age, DateTimeOffset date, DateTimeOffset now)
    {
        var apparent = now - date;
        var claimed = TimeSpan.Zero;
        foreach (var line in age)
        {
            if (DeltaSeconds.TryParse(line.AsSpan().Trim(" \t"), out var seconds) && seconds > claimed.TotalSeconds)
            {
                claimed = TimeSpan.FromSeconds(seconds);
            }
        }

        return apparent > claimed ? apparent : claimed;
    }

    private static bool Contains(StringValues lines, string member)
    {
        foreach (var line in lines)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                if (text[part].Trim(" \t").Equals(member, StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
