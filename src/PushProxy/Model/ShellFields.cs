using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Model;

/// <summary>
/// The header fields of a page's answer that may be sent before the answer has come: all but those that may differ from answer to answer.
/// What a browser acts on must be the same in each.
/// </summary>
internal sealed class ShellFields : IEquatable<ShellFields>
{
    /// <summary>The maximum number of fields. An answer with more has no shell.</summary>
    private const int MaxFields = 48;

    /// <summary>The maximum length of all fields together, in characters.</summary>
    private const int MaxLength = 8 * 1024;

    // They may differ, and are never sent with a shell: what they say is known only with the answer. A validator must not stand for bytes
    // that may be wrong. The length is not known, and HTTP/2 needs none.
    private static readonly FrozenSet<string> Ignored = new[]
    {
        "Date", "Age", "Content-Length", "ETag", "Last-Modified", "Expires", "Server-Timing", "Accept-Ranges", "Content-Encoding",
        "Transfer-Encoding", "Connection", "Keep-Alive", "X-Request-Id", "Request-Id", "X-Correlation-Id", "Correlation-Id", "X-Trace-Id",
        "X-Amzn-Trace-Id", "X-Amzn-RequestId", "Traceparent", "Tracestate", "CF-Ray", "X-Runtime", "X-Response-Time", "X-Timer", "X-Cache",
        "X-Cache-Hits", "X-Served-By", "X-Varnish", "Cache-Status", "X-GitHub-Request-Id", "X-Debug-Token", "X-Debug-Token-Link",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private readonly KeyValuePair<string, string>[] _all;

    private ShellFields(KeyValuePair<string, string>[] all) => _all = all;

    /// <summary>The fields, as they are sent.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> All => _all;

    /// <summary>Whether a policy of the response forbids inline scripts.</summary>
    public bool ForbidScripts => Array.Exists(
        _all, static f => Is(f.Key, "Content-Security-Policy") && ContentSecurityPolicy.Of(f.Value, [])?.AllowsInlineScripts == false);

    /// <summary>Whether a shared cache that keeps documents might keep the answer.</summary>
    public bool MayBeStored => CacheControl.Parse(Array.Find(_all, static f => Is(f.Key, "Cache-Control")).Value) is
    { NoStore: false, AnyPrivate: false };

    /// <summary>The charset of the Content-Type; null if it states none.</summary>
    public string? Charset => HtmlType.Charset(Array.Find(_all, static f => Is(f.Key, "Content-Type")).Value);

    /// <summary>The estimated memory, in bytes.</summary>
    public long Size => 64 + _all.Sum(static f => 64 + (2L * (f.Key.Length + f.Value.Length)));

    /// <summary>Reads the fields of an answer.</summary>
    /// <param name="headers">All fields.</param>
    /// <param name="obstacle">The name of the field because of which there is no shell; null if there is none.</param>
    /// <returns>Null if there can be no shell.</returns>
    public static ShellFields? Of(IHeaderDictionary headers, out string? obstacle)
    {
        obstacle = Obstacle(headers);
        if (obstacle is not null)
        {
            return null;
        }

        var (fields, length) = (new List<KeyValuePair<string, string>>(headers.Count), 0);
        foreach (var (name, values) in headers)
        {
            if (ValueOf(name, values) is { } value)
            {
                length += name.Length + value.Length;
                fields.Add(new(name, value));
            }
        }

        if (fields.Count > MaxFields || length > MaxLength)
        {
            obstacle = "too many fields";
            return null;
        }

        return new ShellFields([.. fields]);
    }

    /// <summary>Returns fields that were kept.</summary>
    public static ShellFields Of(IReadOnlyList<SavedField> kept) => new([.. kept.Select(static f => KeyValuePair.Create(f.Name, f.Value))]);

    /// <summary>Returns what is to be kept.</summary>
    public IReadOnlyList<SavedField> Save() => [.. _all.Select(static f => new SavedField(f.Key, f.Value))];

    /// <summary>Returns the name of a field in which an answer differs; null if it has the same.</summary>
    public string? Difference(IHeaderDictionary headers)
    {
        var same = 0;
        foreach (var (name, values) in headers)
        {
            if (ValueOf(name, values) is not { } value)
            {
                continue;
            }

            if (!Has(name, value, same))
            {
                return name;
            }

            same++;
        }

        return same == _all.Length ? null : Array.Find(_all, f => ValueOf(f.Key, headers[f.Key]) != f.Value).Key ?? "a field";
    }

    public bool Equals(ShellFields? other) => other is not null && _all.AsSpan().SequenceEqual(other._all);

    public override bool Equals(object? obj) => Equals(obj as ShellFields);

    public override int GetHashCode() => _all.Length;

    /// <summary>Puts the fields into a response.</summary>
    public void WriteTo(IHeaderDictionary headers)
    {
        foreach (var (name, value) in _all)
        {
            headers[name] = value;
        }
    }

    // The origin mostly has them in the same order.
    private bool Has(string name, string value, int at)
    {
        if (at < _all.Length && Is(_all[at].Key, name))
        {
            return _all[at].Value == value;
        }

        foreach (var field in _all)
        {
            if (Is(field.Key, name))
            {
                return field.Value == value;
            }
        }

        return false;
    }

    private static string? Obstacle(IHeaderDictionary headers)
    {
        if (headers.SetCookie.Count > 0)
        {
            return "Set-Cookie";
        }

        if (headers.ContainsKey("Refresh"))
        {
            return "Refresh";
        }

        if (headers.ContainsKey("Clear-Site-Data"))
        {
            return "Clear-Site-Data";
        }

        // A nonce is made for one response. In a sandbox no page can load itself again.
        foreach (var policy in headers.ContentSecurityPolicy)
        {
            if (policy is not null && (policy.Contains("'nonce-", StringComparison.OrdinalIgnoreCase)
                || policy.Contains("sandbox", StringComparison.OrdinalIgnoreCase)))
            {
                return "Content-Security-Policy";
            }
        }

        if (headers.Vary.ToString().Contains('*', StringComparison.Ordinal))
        {
            return "Vary";
        }

        // What a browser may use again without asking is quicker than a shell, and a wrong one would stay. What shared caches may keep
        // comes from the store.
        return headers.CacheControl.Count > 0 && CacheControl.Parse(headers.CacheControl) is { NoStore: false } control
            && ((!control.NoCache && control.MaxAge > 0) || control.SharedMaxAge || control.Public) ? "Cache-Control" : null;
    }

    // Null: it does not count. Our own compression adds Accept-Encoding to Vary where it is missing.
    private static string? ValueOf(string name, StringValues values)
    {
        if (values.Count == 0 || Ignored.Contains(name))
        {
            return null;
        }

        if (!Is(name, "Vary"))
        {
            return values.ToString();
        }

        var rest = string.Join(", ", values.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(static n => !Is(n, "Accept-Encoding")));
        return rest.Length == 0 ? null : rest;
    }

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
