using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Rules;

/// <summary>How long a response is fresh for a shared cache (RFC 9111 §4.2.1).</summary>
/// <param name="Span">The lifetime, counted from when the origin made the response.</param>
/// <param name="IsExplicit">Whether the response states it. If not, it is a guess from Last-Modified.</param>
internal readonly record struct Lifetime(TimeSpan Span, bool IsExplicit)
{
    /// <param name="directives">The response's directives.</param>
    /// <param name="headers">The response's fields.</param>
    /// <param name="now">When the response came, for responses without Date.</param>
    /// <param name="maxHeuristic">The longest guess; zero if the response may not be guessed about.</param>
    public static Lifetime Of(ResponseDirectives directives, IHeaderDictionary headers, DateTimeOffset now, TimeSpan maxHeuristic)
    {
        if ((directives.SharedMaxAge ?? directives.MaxAge) is { } seconds)
        {
            return new Lifetime(TimeSpan.FromSeconds(seconds), true);
        }

        var date = HttpDate.Parse(headers.Date) ?? now;
        if (headers.Expires.Count > 0 && !directives.IsTargeted)
        {
            // What can't be read, above all 0, has expired (RFC 9111 §5.3).
            return new Lifetime(HttpDate.Parse(headers.Expires) is { } expires && expires > date ? expires - date : TimeSpan.Zero, true);
        }

        if (HttpDate.Parse(headers.LastModified) is not { } modified || modified >= date)
        {
            return default;
        }

        var guess = (date - modified) / 10;
        return new Lifetime(guess < maxHeuristic ? guess : maxHeuristic, false);
    }

    /// <summary>Computes the age at the time of the response (RFC 9111 §4.2.3). An Age that can't be read is ignored.</summary>
    public static TimeSpan InitialAge(IHeaderDictionary headers, DateTimeOffset requested, DateTimeOffset now)
    {
        // A clock may have been set back meanwhile.
        var delay = now > requested ? now - requested : TimeSpan.Zero;
        var apparent = HttpDate.Parse(headers.Date) is { } date && now > date ? now - date : TimeSpan.Zero;
        var corrected = TimeSpan.Zero;
        if (headers.Age.Count > 0)
        {
            // Of several, the first (RFC 9111 §5.1).
            var first = headers.Age[0].AsSpan();
            var comma = first.IndexOf(',');
            if (DeltaSeconds.TryParse((comma < 0 ? first : first[..comma]).Trim(" \t"), out var seconds))
            {
                corrected = TimeSpan.FromSeconds(seconds) + delay;
            }
        }
        else
        {
            corrected = delay;
        }

        // A Date has whole seconds only; less than one is no age.
        return apparent > corrected && apparent >= TimeSpan.FromSeconds(1) ? apparent : corrected;
    }
}
