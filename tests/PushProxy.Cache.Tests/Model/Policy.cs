namespace PushProxy.Cache.Tests.Model;

/// <summary>
/// What an origin says about its responses, and, written by hand from RFC 9111, what a shared cache may do with them at most. Nothing here
/// is computed by the code under test.
/// </summary>
/// <param name="Fields">The fields of the response.</param>
/// <param name="Lifetime">For how many seconds after the origin was asked it is fresh.</param>
internal sealed record Policy((string Name, string Value)[] Fields, int Lifetime)
{
    public int Status { get; init; } = 200;

    public bool HasETag { get; init; }

    public bool IsWeak { get; init; }

    public bool HasLastModified { get; init; }

    /// <summary>Whether anybody but the client that asked may get it.</summary>
    public bool IsShared { get; init; } = true;

    /// <summary>
    /// Whether a 304 that says so takes back what was given before. A cookie does not, and neither does a word about freshness.
    /// </summary>
    public bool TakesBack => !IsShared && Fields.Length > 0 && !Array.Exists(Fields, static f => f.Name == "Set-Cookie");

    /// <summary>Whether it says that it is for everybody, whoever asked.</summary>
    public bool IsForAll { get; init; }

    /// <summary>Whether it says that it never changes. An asset's URL that does is the same for those with cookies.</summary>
    public bool IsImmutable { get; init; }

    /// <summary>RFC 9111 §3.5: an answer to credentials may be stored if it has to be validated.</summary>
    public bool MustRevalidate { get; init; }

    /// <summary>Whether the lifetime is a guess, which documents do not get.</summary>
    public bool IsGuess { get; init; }

    public int StaleWhileRevalidate { get; init; }

    /// <summary>How long it may be used after its end if the origin fails; null if the setting of the cache applies.</summary>
    public int? StaleOnError { get; init; }

    public bool Varies { get; init; }

    public bool HasBody => Status is not 204;

    public override string ToString() =>
        $"{Status} {string.Join("; ", Fields.Select(static f => $"{f.Name}: {f.Value}"))}{(HasETag ? " +tag" : "")}"
        + (HasLastModified ? " +date" : "");

    public static IReadOnlyList<Policy> All { get; } =
    [
        new([("Cache-Control", "max-age=60")], 60),
        new([("Cache-Control", "max-age=60")], 60) { HasETag = true },
        new([("Cache-Control", "max-age=10, stale-while-revalidate=30")], 10) { HasETag = true, StaleWhileRevalidate = 30 },
        new([("Cache-Control", "max-age=10, stale-while-revalidate=30")], 10) { StaleWhileRevalidate = 30 },
        new([("Cache-Control", "max-age=10, stale-if-error=100")], 10) { HasETag = true, StaleOnError = 100 },
        new([("Cache-Control", "max-age=10, stale-if-error=0")], 10) { StaleOnError = 0 },
        new([("Cache-Control", "max-age=10, must-revalidate")], 10) { HasETag = true, MustRevalidate = true, StaleOnError = 0 },
        new([("Cache-Control", "max-age=10, proxy-revalidate, stale-while-revalidate=99")], 10)
        {
            HasLastModified = true, StaleOnError = 0,
        },
        new([("Cache-Control", "no-cache")], 0) { HasETag = true, StaleOnError = 0 },
        new([("Cache-Control", "public, no-cache, max-age=60")], 0) { HasLastModified = true, IsForAll = true, StaleOnError = 0 },
        new([("Cache-Control", "no-store, max-age=60")], 60) { IsShared = false, HasETag = true },
        new([("Cache-Control", "max-age=60, No-Store")], 60) { IsShared = false },
        new([("Cache-Control", "private, max-age=60")], 60) { IsShared = false, HasETag = true },
        new([("Cache-Control", "PRIVATE"), ("Cache-Control", "max-age=60")], 60) { IsShared = false, HasLastModified = true },
        new([("Cache-Control", "public, max-age=60")], 60) { IsForAll = true },
        new([("Cache-Control", "public, max-age=20")], 20) { IsForAll = true, HasETag = true, HasLastModified = true },
        new([("Cache-Control", "s-maxage=20, max-age=100")], 20) { IsForAll = true, HasETag = true, StaleOnError = 0 },
        new([("Cache-Control", "s-maxage=0, max-age=100")], 0) { HasETag = true, StaleOnError = 0 },
        new([("Cache-Control", "max-age=60"), ("Set-Cookie", "id=")], 60) { IsShared = false },
        new([("Cache-Control", "public, max-age=60"), ("Set-Cookie", "id=")], 60) { IsShared = false, IsForAll = true, HasETag = true },
        new([("Cache-Control", "max-age=60"), ("Vary", "X-Variant")], 60) { Varies = true, HasETag = true },
        new([("Cache-Control", "public, max-age=30"), ("Vary", "accept-encoding, x-variant")], 30) { Varies = true, IsForAll = true },
        new([("Cache-Control", "max-age=5, stale-while-revalidate=50"), ("Vary", "X-Variant")], 5)
        {
            Varies = true, HasLastModified = true, StaleWhileRevalidate = 50,
        },
        new([("Cache-Control", "max-age=60"), ("Vary", "Cookie")], 60) { IsShared = false, HasETag = true },
        new([("Cache-Control", "public, max-age=60"), ("Vary", "X-Variant"), ("Vary", "*")], 60) { IsShared = false, HasETag = true },
        new([], 60) { HasLastModified = true, IsGuess = true },
        new([("Cache-Control", "public")], 60) { HasLastModified = true, IsGuess = true, IsForAll = true },
        new([("Expires", "{30}")], 30) { HasETag = true },
        new([("Expires", "0")], 0) { HasETag = true },
        new([("Cache-Control", "max-age=60")], 60) { Status = 404 },
        new([("Cache-Control", "max-age=5")], 5) { Status = 500 },
        new([], 0) { Status = 503, IsShared = false },
        new([("Cache-Control", "max-age=30"), ("Location", "/there")], 30) { Status = 302 },
        new([("Cache-Control", "public, max-age=30")], 30) { Status = 204, IsForAll = true },
        new([("Cache-Control", "max-age=60, immutable")], 60) { IsImmutable = true },
        new([("CDN-Cache-Control", "max-age=60"), ("Cache-Control", "private")], 60) { IsForAll = true, HasETag = true },
        new([("CDN-Cache-Control", "private"), ("Cache-Control", "public, max-age=60")], 0) { IsShared = false },
        new([("Cache-Control", "private=\"X-Secret\", max-age=60"), ("X-Secret", "yes")], 60) { HasETag = true },
        new([("Cache-Control", "max-age=100"), ("Age", "70")], 30) { HasETag = true },
        new([("Cache-Control", "no-store;max-age=60")], 60) { IsShared = false },
        new([("Cache-Control", "max-age=60, x=\"no-store")], 60) { IsShared = false },
        new([], 0) { IsShared = false },
        new([("Cache-Control", "max-age=0")], 0) { HasETag = true, IsWeak = true },
        new([("Cache-Control", "max-age=600, max-age=6")], 6) { HasETag = true },
        new([("Cache-Control", "must-understand, no-store, max-age=60")], 60),
        new([("Cache-Control", "max-age=60")], 60) { Status = 206, IsShared = false },
    ];
}
