using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Fields;

namespace PushProxy.Cache.Rules;

/// <summary>
/// Decides whether a shared cache may store a response (RFC 9111 §3), and is stricter where a mistake would show secrets.
/// </summary>
internal static class StoringRules
{
    /// <summary>
    /// Request fields that some origins take for the address or the method, and that no origin names in Vary. An answer to a request that
    /// has one may be made for whoever sent it.
    /// </summary>
    private static readonly string[] OddFields =
    [
        "X-Original-URL", "X-Original-URI", "X-Original-Host", "X-Rewrite-URL", "X-Host", "X-Forwarded-Server", "X-HTTP-Host-Override",
        "X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-HTTP-DestinationURL", "X-Forwarded-Scheme", "X-Wap-Profile",
    ];

    /// <summary>Returns why the response to a GET is not stored, as far as its head shows.</summary>
    /// <param name="http">The request and the response.</param>
    /// <param name="scope">Which responses are stored.</param>
    /// <param name="directives">The response's directives.</param>
    /// <param name="lifetime">How long it is fresh.</param>
    /// <param name="maxBodyBytes">The longest body to store.</param>
    public static NotStoredReason Check(
        HttpContext http, HttpCacheScope scope, ResponseDirectives directives, Lifetime lifetime, int maxBodyBytes)
    {
        var (request, response) = (http.Request.Headers, http.Response.Headers);
        var status = http.Response.StatusCode;
        if (directives.IsBroken || (directives.NoStore && !(directives.MustUnderstand && IsUnderstood(status))))
        {
            return NotStoredReason.NoStore;
        }

        if (status is < 200 or 206 or 304 or > 599 || (directives.MustUnderstand && !IsUnderstood(status)))
        {
            return NotStoredReason.Status;
        }

        if (directives.Private)
        {
            return NotStoredReason.Private;
        }

        // RFC 9111 does not forbid it, but a cookie is one client's, and stored it would be everybody's.
        if (response.SetCookie.Count > 0)
        {
            return NotStoredReason.SetsCookie;
        }

        if (Selection.NamesOf(response.Vary) is not { } names || names.Any(Selection.TellsClientsApart)
            || (names.Contains("accept-encoding") && Selection.HasUnknownCoding(response.ContentEncoding)))
        {
            return NotStoredReason.Varies;
        }

        if (http.Response.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) == true)
        {
            return NotStoredReason.Endless;
        }

        var isDocument = Documents.IsDocument(http.Request, http.Response);
        if (scope == HttpCacheScope.Assets && isDocument)
        {
            return NotStoredReason.Document;
        }

        if (!MayBeShared(request, directives, isDocument))
        {
            return NotStoredReason.Credentials;
        }

        if (!HasUse(status, response, directives, lifetime))
        {
            return NotStoredReason.NoFreshness;
        }

        return response.ContentLength > maxBodyBytes ? NotStoredReason.TooLong
            : IsOdd(request) ? NotStoredReason.OddRequest
            : NotStoredReason.None;
    }

    /// <summary>Returns whether a request has fields that origins take for another address or method.</summary>
    public static bool IsOdd(IHeaderDictionary request) => Array.Exists(OddFields, request.ContainsKey);

    // RFC 9111 §3.5 for Authorization. It says nothing of cookies, so many origins forget them, too; what a request with a cookie was
    // answered is stored only if the origin says that it is for everybody.
    // An asset that never changes can't know who asked; a document can.
    private static bool MayBeShared(IHeaderDictionary request, ResponseDirectives directives, bool isDocument) =>
        (request.Authorization.Count == 0 || directives.IsForEverybody || directives.MustRevalidate)
        && (request.Cookie.Count == 0 || directives.IsForEverybody || (directives.Immutable && !isDocument));

    // Errors count only with a stated lifetime. What is stale at once is worth keeping only if it can be validated.
    private static bool HasUse(int status, IHeaderDictionary response, ResponseDirectives directives, Lifetime lifetime)
    {
        if (lifetime is { IsExplicit: true, Span.Ticks: > 0 } && !directives.NoCache)
        {
            return true;
        }

        var mayGuess = status is 200 or 203 or 204 or 300 or 301 or 308 || directives.Public;
        var canValidate = status is 200 or 203 && (response.ETag.Count == 1 || HttpDate.Parse(response.LastModified) is not null);
        return (mayGuess && lifetime.Span > TimeSpan.Zero && !directives.NoCache) || canValidate;
    }

    private static bool IsUnderstood(int status) => status is 200 or 203 or 204 or (>= 300 and <= 303) or 307 or 308 or 400 or (>= 403
        and <= 405) or 410 or 414 or (>= 500 and <= 504);
}
