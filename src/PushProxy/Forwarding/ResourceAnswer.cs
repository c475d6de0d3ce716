using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Learning;
using PushProxy.Model;

namespace PushProxy.Forwarding;

/// <summary>Reads what the answer for a resource says about delivering it to others.</summary>
internal static class ResourceAnswer
{
    /// <summary>Spreads a length over 64 bits.</summary>
    private const ulong LengthStep = 0x9E3779B97F4A7C15;

    /// <returns>
    /// <see cref="ResourceSkip.Missing"/>, <see cref="ResourceSkip.PrivateResource"/>, or <see cref="ResourceSkip.None"/> if the resource
    /// may be delivered; null if the answer is no evidence, because one client or one moment may have caused it.
    /// </returns>
    public static ResourceSkip? Excludes(HttpResponse response, bool setsCookies, bool wasPromised) => response.StatusCode switch
    {
        StatusCodes.Status200OK or StatusCodes.Status304NotModified =>
            setsCookies || IsPrivate(response.Headers.CacheControl) ? ResourceSkip.PrivateResource : ResourceSkip.None,

        // A redirect is not the resource that the page names. What is forbidden to one client must not be pushed to others.
        301 or 302 or 303 or 307 or 308 or 401 or 403 or 404 or 410 => ResourceSkip.Missing,

        // A promise that could not be kept is not made again.
        _ => wasPromised ? ResourceSkip.Missing : null,
    };

    /// <summary>Reads what a 200 says about telling clients of the resource in advance.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="before">What the answers before said; null if there was none.</param>
    /// <param name="key">The key of the resource in a client's cache.</param>
    /// <param name="version">The version in the answer; null if it has no validator.</param>
    /// <param name="freshness">How long a client may use the answer.</param>
    /// <param name="now">The time.</param>
    /// <param name="isForAll">Whether the answer is neither private nor sets cookies.</param>
    /// <param name="client">Returns the client of the request. It is not called for requests without credentials.</param>
    public static AnswerFacts FactsOf(
        HttpContext http, AnswerFacts? before, ResourceKey key, ResourceVersion? version, Freshness freshness, DateTimeOffset now,
        bool isForAll, Func<ClientId> client)
    {
        var response = http.Response;
        var vary = PromiseVaries.Of(response.Headers.Vary);

        // To who wants it past all caches, an origin may send the whole.
        var request = http.Request.Headers;
        var hasCondition = (request.IfNoneMatch.Count > 0 || request.IfModifiedSince.Count > 0)
            && request.CacheControl.Count == 0 && request.Pragma.Count == 0;
        var facts = (before ?? new AnswerFacts()) with
        {
            Type = response.ContentType,
            CanBeKept = version is not null || freshness.Kind == FreshnessKind.Fresh,
            StaysFresh = freshness.IsFreshAt(now + AnswerFacts.HintedLifetime),
            Vary = vary,
            Size = response.ContentLength ?? before?.Size ?? -1,
            IgnoresConditions = before is { IgnoresConditions: true } || (hasCondition && version?.IsNamedBy(key, request) == true),
        };
        var print = isForAll && vary == PromiseVary.None ? Print(response, version) : null;
        if (http.Request.Headers.Cookie.Count == 0 && http.Request.Headers.Authorization.Count == 0)
        {
            return facts.CameWithoutCredentials && facts.WithoutCredentials == print ? facts
                : facts.WithoutClients() with { CameWithoutCredentials = true, WithoutCredentials = print };
        }

        return facts is not { WithoutCredentials: { } plain, DiffersForMembers: false } ? facts
            : print != plain ? facts with { DiffersForMembers = true, SameFor = [], WasSameForAll = false }
            : facts.SameFor.Length < AnswerFacts.MaxMembers && client() is { Proof: ClientProof.Shown } member
                && !facts.SameFor.Any(c => c.MayBe(member))
                ? facts with { SameFor = facts.SameFor.Add(member) } : facts;
    }

    /// <summary>Returns whether a response is a stylesheet.</summary>
    public static bool IsStylesheet(HttpResponse response) =>
        response.ContentType?.StartsWith("text/css", StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Returns whether a response has a content coding (RFC 9110 §8.4).</summary>
    public static bool IsCoded(HttpResponse response) => ContentDecoder.Parse(response.Headers.ContentEncoding) != ContentCoding.Identity;

    // Nothing but a validator shows a version: what a member gets may be as long as what everybody gets. A date alone may be that of a file
    // from which different answers are made.
    private static ulong? Print(HttpResponse response, ResourceVersion? version) =>
        version is not { Value: var value } ? null
        : response.Headers.ETag.Count > 0 ? value
        : response.ContentLength is { } length ? value ^ ((ulong)length * LengthStep)
        : null;

    // no-store and private (RFC 9111 §5.2.2.5, §5.2.2.7). An argument of private names single fields. It is so rare that the whole response
    // counts as private. A broken field may have meant either directive.
    private static bool IsPrivate(StringValues cacheControl) =>
        CacheControl.Parse(cacheControl) is { NoStore: true } or { AnyPrivate: true } or { IsBroken: true };
}
