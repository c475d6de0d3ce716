using Microsoft.AspNetCore.Http;

namespace PushProxy.Model;

/// <summary>One version of a resource, and how long a client that gets it now may use it.</summary>
/// <param name="Version">The version.</param>
/// <param name="Lifetime">The lifetime counted from each response; null if the origin states a moment instead.</param>
/// <param name="Until">The moment until which the response is fresh, as seen when it was observed.</param>
internal sealed record ResourceVersionState(ResourceVersion Version, TimeSpan? Lifetime, DateTimeOffset Until)
{
    /// <summary>Reads the version from an answer; null if the answer has no validator.</summary>
    public static ResourceVersionState? Of(ResourceKey key, IHeaderDictionary response, Freshness freshness, DateTimeOffset now)
    {
        if (ResourceVersion.Of(key, response) is not { } version)
        {
            return null;
        }

        // A lifetime begins anew with each response. An Expires may be the same moment in all of them, and a guessed lifetime varies.
        var isRelative = freshness.IsFreshAt(now) && response.Age.Count == 0 && CacheControl.Parse(response.CacheControl).MaxAge is > 0;
        return new ResourceVersionState(version, isRelative
            ? freshness.Until - now : null, freshness.Kind == FreshnessKind.Fresh ? freshness.Until : default);
    }

    /// <summary>Returns until when a client that gets the resource now may use it.</summary>
    public DateTimeOffset FreshUntil(DateTimeOffset now) => Lifetime is { } lifetime ? now + lifetime : Until;
}
