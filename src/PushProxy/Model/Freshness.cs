using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;

namespace PushProxy.Model;

/// <summary>Says how long a browser may use a response without asking again.</summary>
/// <param name="Kind">Whether the browser may use the response without asking at all.</param>
/// <param name="Until">The moment at which that time ends, exclusive. It applies only to <see cref="FreshnessKind.Fresh"/>.</param>
internal readonly record struct Freshness(FreshnessKind Kind, DateTimeOffset Until)
{
    public static readonly Freshness NotStored = new(FreshnessKind.NotStored, default);

    public static readonly Freshness Revalidate = new(FreshnessKind.Revalidate, default);

    public static Freshness FreshUntil(DateTimeOffset instant) => new(FreshnessKind.Fresh, instant);

    public bool IsFreshAt(DateTimeOffset now) => Kind == FreshnessKind.Fresh && now < Until;

    /// <summary>
    /// Computes the freshness of a response (RFC 9111 §3, §4.2). In doubt it prefers to deliver the resource again: it never says that a
    /// response is fresh for longer than a browser would.
    /// </summary>
    /// <param name="status">
    /// The status code. Only 200, 203 and 304, which renews a stored response, count. Browsers keep nothing from other responses that would
    /// make a delivery unnecessary.
    /// </param>
    /// <param name="headers">The header fields as the client gets them.</param>
    /// <param name="now">
    /// When the request came in. A browser counts from the moment it sent the request (§4.2.3), which is half a round trip earlier.
    /// </param>
    /// <param name="maxHeuristic">The longest lifetime that may be guessed from Last-Modified (§4.2.2).</param>
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

        // Pragma has no meaning in a response (§5.4), but Chromium obeys it. Vary: * matches no later request (§4.1).
        if (control.NoCache || control.IsBroken || Words.Have(headers.Pragma, "no-cache") || Words.Have(headers.Vary, "*"))
        {
            return Revalidate;
        }

        var date = HttpDate.Parse(headers.Date) ?? now;
        var lifetime = Lifetime(control, headers, date, maxHeuristic);
        var age = CurrentAge(headers.Age, date, now);
        return lifetime > age && lifetime - age is var left && left < DateTimeOffset.MaxValue - now ? FreshUntil(now + left) : Revalidate;
    }

    /// <summary>
    /// Computes the lifetime for a private cache (RFC 9111 §4.2.1): max-age, else Expires, else a guess. Invalid values count as stale.
    /// </summary>
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

        // must-revalidate does not forbid a guess, but Chromium does not guess in that case.
        if (control.MustRevalidate || HttpDate.Parse(headers.LastModified) is not { } modified)
        {
            return TimeSpan.Zero;
        }

        var guess = (date - modified) / 10;
        return guess < maxHeuristic ? guess : maxHeuristic;
    }

    /// <summary>
    /// Computes the current age (RFC 9111 §4.2.3) without the time that the response takes to reach the client. An invalid Age is ignored.
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
}
