using Microsoft.AspNetCore.Http;

namespace PushProxy.Model;

/// <summary>One version of a resource, and how long clients that get it now may use it.</summary>
/// <param name="Version">Which.</param>
/// <param name="Lifetime">From now on; null where the origin states a moment.</param>
/// <param name="Until">The moment, seen from when it was observed.</param>
internal sealed record ResourceVersionState(ResourceVersion Version, TimeSpan? Lifetime, DateTimeOffset Until)
{
    /// <summary>Reads it from an answer; null where that has no validator.</summary>
    public static ResourceVersionState? Of(ResourceKey key, IHeaderDictionary response, Freshness freshness, DateTimeOffset now)
    {
        if (ResourceVersion.Of(key, response) is not { } version)
        {
            return null;
        }

        // A lifetime begins with each response; an Expires may be the same moment in all of them, and a guess shrinks and grows.
        var isRelative = freshness.IsFreshAt(now) && response.Age.Count == 0 && CacheControl.Parse(response.CacheControl).MaxAge is > 0;
        return new ResourceVersionState(version, isRelative
            ? freshness.Until - now : null, freshness.Kind == FreshnessKind.Fresh ? freshness.Until : default);
    }

    /// <summary>Until when a client that gets it now may use it.</summary>
    public DateTimeOffset FreshUntil(DateTimeOffset now) => Lifetime is { } lifetime ? now + lifetime : Until;
}
