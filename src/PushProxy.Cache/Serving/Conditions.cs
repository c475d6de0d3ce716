using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using PushProxy.Cache.Fields;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Serving;

/// <summary>Evaluates the conditions of requests against what is stored (RFC 9110 §13, RFC 9111 §4.3.2).</summary>
internal static class Conditions
{
    /// <summary>The conditions that a cache answers itself.</summary>
    private static readonly string[] Own = ["If-None-Match", "If-Modified-Since"];

    /// <summary>Returns whether a request has conditions that only the origin can evaluate.</summary>
    public static bool AreForOrigin(IHeaderDictionary request) => request.IfMatch.Count > 0 || request.IfUnmodifiedSince.Count > 0;

    /// <summary>Returns whether a request has a condition that a cache can evaluate.</summary>
    public static bool AreOwn(IHeaderDictionary request) => request.IfNoneMatch.Count > 0 || request.IfModifiedSince.Count > 0;

    /// <summary>Returns whether the client has what is stored.</summary>
    public static bool IsNotModified(IHeaderDictionary request, StoredHead head)
    {
        if (head.Status is not (StatusCodes.Status200OK or StatusCodes.Status203NonAuthoritative))
        {
            return false;
        }

        if (request.IfNoneMatch.Count > 0)
        {
            return Names(request.IfNoneMatch, head.ETag);
        }

        // A response without Last-Modified counts as modified when it was made (RFC 9111 §4.3.2).
        return request.IfModifiedSince.Count > 0 && HttpDate.Parse(request.IfModifiedSince) is { } since
            && (HttpDate.Parse(head.LastModified) ?? DateOf(head)) is { } modified && modified <= since;
    }

    /// <summary>Returns whether a range of what is stored completes what the client has (RFC 9110 §13.1.5).</summary>
    public static bool AllowsRange(IHeaderDictionary request, StoredHead head)
    {
        if (request.IfRange.Count == 0)
        {
            return true;
        }

        var wanted = request.IfRange.ToString();
        return wanted.StartsWith('"') ? wanted == head.ETag
            : !wanted.StartsWith("W/", StringComparison.Ordinal) && head.LastModified is not null
                && HttpDate.Parse(wanted) is { } date && date == HttpDate.Parse(head.LastModified);
    }

    /// <summary>
    /// Makes a request ask whether what is stored is still right, or ask without condition if nothing is stored. The client's own
    /// conditions are answered from what comes.
    /// </summary>
    public static void Replace(IHeaderDictionary request, StoredHead? head)
    {
        foreach (var name in Own)
        {
            request.Remove(name);
        }

        request.Remove("Range");
        request.Remove("If-Range");
        if (head?.ETag is { } tag)
        {
            request.IfNoneMatch = tag;
        }

        if (head?.LastModified is { } modified)
        {
            request.IfModifiedSince = modified;
        }
    }

    /// <summary>Returns whether a 304 is about what is stored (RFC 9111 §4.3.4).</summary>
    public static bool IsAbout(IHeaderDictionary notModified, StoredHead head) =>
        notModified.ETag.Count == 0 || Opaque(notModified.ETag.ToString()) == Opaque(head.ETag);

    private static DateTimeOffset? DateOf(StoredHead head)
    {
        foreach (var (name, value) in head.Fields)
        {
            if (name.Equals("Date", StringComparison.OrdinalIgnoreCase))
            {
                return HttpDate.Parse(value);
            }
        }

        return head.Came;
    }

    // The weak comparison (RFC 9110 §8.8.3.2).
    private static bool Names(StringValues condition, string? tag)
    {
        if (condition.Count == 1 && (condition[0] == "*" || (tag is not null && condition[0] == tag)))
        {
            return true;
        }

        if (tag is null)
        {
            return false;
        }

        foreach (var line in condition)
        {
            var rest = line.AsSpan();
            while (!rest.IsEmpty)
            {
                if (Opaque(FieldList.Next(ref rest, escapes: false, out _)).SequenceEqual(Opaque(tag)))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static ReadOnlySpan<char> Opaque(ReadOnlySpan<char> tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;

    private static string? Opaque(string? tag) => tag?.StartsWith("W/", StringComparison.Ordinal) == true ? tag[2..] : tag;
}
