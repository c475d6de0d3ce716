using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Rules;

namespace PushProxy.Cache.Store;

/// <summary>The status and the fields of a response that may be stored, and what they say about using it.</summary>
internal sealed class StoredHead
{
    /// <summary>Fields that belong to one connection (RFC 9110 §7.6.1, RFC 9111 §3.1), and Age, which is computed anew.</summary>
    private static readonly HashSet<string> Unstored = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Connection", "Proxy-Authenticate", "Proxy-Authentication-Info", "Proxy-Authorization", "TE",
        "Trailer", "Transfer-Encoding", "Upgrade", "Age", "Content-Length", "Cache-Status",
    };

    /// <summary>What a 304 may not change: it is of the stored body (RFC 9111 §3.2).</summary>
    private static readonly HashSet<string> OfBody = new(StringComparer.OrdinalIgnoreCase)
    {
        "Content-Encoding", "Content-Length", "Content-Range", "Content-MD5", "Digest", "Repr-Digest", "Content-Digest",
    };

    /// <summary>What a 304 to a request with credentials changes. Its other fields may be for whoever has sent them.</summary>
    private static readonly HashSet<string> OfFreshness = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", ResponseDirectives.TargetedField, "Date", "Expires", "ETag", "Last-Modified", "Vary",
    };

    public required int Status { get; init; }

    public required string? Reason { get; init; }

    /// <summary>The fields, without those that are made for each answer.</summary>
    public required KeyValuePair<string, StringValues>[] Fields { get; init; }

    public required ResponseDirectives Directives { get; init; }

    public required Lifetime Lifetime { get; init; }

    /// <summary>The age of the response when it came.</summary>
    public required TimeSpan InitialAge { get; init; }

    /// <summary>When the response came, or was validated last.</summary>
    public required DateTimeOffset Came { get; init; }

    public required bool IsDocument { get; init; }

    /// <summary>Whether the body may leave with a content coding, if it is long enough.</summary>
    public required bool IsEncodable { get; init; }

    public string? ETag { get; private init; }

    public string? LastModified { get; private init; }

    public string? ContentEncoding { get; private init; }

    public StringValues Vary => Array.Find(Fields, static f => f.Key.Equals("Vary", StringComparison.OrdinalIgnoreCase)).Value;

    /// <summary>The groups the response belongs to (RFC 9875 §2).</summary>
    public IReadOnlyList<string> Groups { get; private init; } = [];

    /// <summary>The memory the fields take, in bytes, roughly.</summary>
    public int Size => 256 + Fields.Sum(static f => 64 + (2 * (f.Key.Length + f.Value.Sum(static v => v?.Length ?? 0))));

    public bool HasValidator => ETag is not null || LastModified is not null;

    /// <summary>
    /// Returns whether the response may answer a request. A document without a word that it is for everybody is for those without cookies,
    /// and so is what they get instead of one. Credentials need such a word, or must-revalidate (RFC 9111 §3.5).
    /// </summary>
    public bool MayAnswer(HttpRequest request) =>
        Directives.IsForEverybody
        || ((request.Headers.Authorization.Count == 0 || Directives.MustRevalidate)
            && (request.Headers.Cookie.Count == 0 || !(IsDocument || Documents.IsNavigation(request.Headers) == true)));

    public TimeSpan AgeAt(DateTimeOffset now) => InitialAge + (now > Came ? now - Came : TimeSpan.Zero);

    /// <summary>Takes a response's head.</summary>
    /// <param name="http">The response, and its request.</param>
    /// <param name="directives">What it says to shared caches.</param>
    /// <param name="lifetime">How long it is fresh.</param>
    /// <param name="requested">When the request was sent on.</param>
    /// <param name="now">When the head came.</param>
    public static StoredHead Of(
        HttpContext http, ResponseDirectives directives, Lifetime lifetime, DateTimeOffset requested, DateTimeOffset now)
    {
        var headers = http.Response.Headers;
        var named = new HashSet<string>(Words.Of(headers.Connection).Concat(directives.UnstoredFields), StringComparer.OrdinalIgnoreCase);
        return Make(
            http.Response.StatusCode,
            http.Features.Get<IHttpResponseFeature>()?.ReasonPhrase,
            [.. headers.Where(f => f.Value.Count > 0 && !Unstored.Contains(f.Key) && !named.Contains(f.Key))],
            directives,
            lifetime,
            Lifetime.InitialAge(headers, requested, now),
            now,
            Documents.IsDocument(http.Request, http.Response),
            Encodable.Is(http.Response, null));
    }

    /// <summary>Returns the head as a 304 renews it (RFC 9111 §3.2).</summary>
    public StoredHead RenewedBy(HttpContext notModified, TimeSpan maxHeuristic, DateTimeOffset requested, DateTimeOffset now)
    {
        var headers = notModified.Response.Headers;
        var connection = new HashSet<string>(Words.Of(headers.Connection), StringComparer.OrdinalIgnoreCase);
        var merged = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in Fields)
        {
            merged[name] = value;
        }

        var request = notModified.Request.Headers;
        var isForAll = (request.Cookie.Count == 0 && request.Authorization.Count == 0) || ResponseDirectives.Of(headers).IsForEverybody;
        foreach (var (name, value) in headers)
        {
            // A cookie is for the client that asked.
            if (value.Count > 0 && !Unstored.Contains(name) && !OfBody.Contains(name) && !connection.Contains(name)
                && (isForAll || OfFreshness.Contains(name))
                && !name.StartsWith("Set-Cookie", StringComparison.OrdinalIgnoreCase))
            {
                merged[name] = value;
            }
        }

        var all = new HeaderDictionary(merged);
        var directives = ResponseDirectives.Of(all);
        foreach (var name in directives.UnstoredFields)
        {
            all.Remove(name);
        }

        var lifetime = Lifetime.Of(directives, all, now, IsDocument ? TimeSpan.Zero : maxHeuristic);
        var age = Lifetime.InitialAge(headers, requested, now);
        return Make(
            Status, Reason, [.. all], directives, lifetime, age, now, IsDocument, IsEncodable && !directives.NoTransform);
    }

    private static StoredHead Make(
        int status, string? reason, KeyValuePair<string, StringValues>[] fields, ResponseDirectives directives, Lifetime lifetime,
        TimeSpan age, DateTimeOffset came, bool isDocument, bool isEncodable)
    {
        return new StoredHead
        {
            Status = status,
            Reason = reason,
            Fields = fields,
            Directives = directives,
            Lifetime = lifetime,
            InitialAge = age,
            Came = came,
            IsDocument = isDocument,
            IsEncodable = isEncodable,
            ETag = Find("ETag"),
            LastModified = HttpDate.Parse(Find("Last-Modified")) is null ? null : Find("Last-Modified"),
            ContentEncoding = Find("Content-Encoding"),
            Groups = Find("Cache-Groups") is { } groups ? StructuredDictionary.Strings(groups) ?? [] : [],
        };

        string? Find(string name)
        {
            foreach (var (key, value) in fields)
            {
                if (key.Equals(name, StringComparison.OrdinalIgnoreCase))
                {
                    return value.Count == 1 ? value[0] : name == "Cache-Groups" ? value.ToString() : null;
                }
            }

            return null;
        }
    }
}
