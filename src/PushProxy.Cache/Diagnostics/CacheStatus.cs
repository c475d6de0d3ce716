using System.Globalization;
using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Rules;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Diagnostics;

/// <summary>Writes <c>Cache-Status</c> (RFC 9211): what the cache did with the request.</summary>
internal static class CacheStatus
{
    public const string Field = "Cache-Status";

    private const string Name = "PushProxy";

    /// <summary>The response comes from the store.</summary>
    public static void Used(HttpContext http, CacheOutcome outcome, StoredHead head, DateTimeOffset now)
    {
        var left = (long)(head.Lifetime.Span - head.AgeAt(now)).TotalSeconds;
        var how = outcome switch
        {
            CacheOutcome.Hit => "hit",
            CacheOutcome.Stale => "hit; detail=stale-while-revalidate",
            CacheOutcome.StaleOnError => "hit; fwd=stale; detail=stale-if-error",
            CacheOutcome.Coalesced => "fwd=miss; collapsed",
            _ => "fwd=stale; fwd-status=304",
        };
        Append(http, string.Create(CultureInfo.InvariantCulture, $"{Name}; {how}; ttl={left}"));
    }

    /// <summary>The response comes from the origin.</summary>
    public static void Forwarded(HttpContext http, bool wasStale, int status, NotStoredReason reason) =>
        Append(http, string.Create(CultureInfo.InvariantCulture,
            $"{Name}; fwd={(wasStale ? "stale" : "uri-miss")}; fwd-status={status}; {Result(reason)}"));

    /// <summary>The store was not looked at.</summary>
    public static void Bypassed(HttpContext http, bool isMethod) => Append(http, $"{Name}; fwd={(isMethod ? "method" : "bypass")}");

    // The caches nearest to the origin come first (RFC 9211 §2).
    private static void Append(HttpContext http, string value) => http.Response.Headers.Append(Field, value);

    private static string Result(NotStoredReason reason) =>
        reason == NotStoredReason.None ? "stored" : $"detail={HttpCacheMetrics.Words.Of(reason)}";
}
