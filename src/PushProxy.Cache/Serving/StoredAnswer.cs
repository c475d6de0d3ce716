using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using PushProxy.Cache.Encodings;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Serving;

/// <summary>Answers requests from what is stored (RFC 9111 §4): conditions, ranges and HEAD, too.</summary>
internal static class StoredAnswer
{
    /// <summary>The fields of a 304 (RFC 9110 §15.4.5), beside those that the answer gets anyway.</summary>
    private static readonly HashSet<string> NotModifiedFields = new(StringComparer.OrdinalIgnoreCase)
    {
        "Cache-Control", "CDN-Cache-Control", "Content-Location", "Date", "ETag", "Expires", "Vary", "Last-Modified", "Set-Cookie",
        "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials", "Access-Control-Expose-Headers", "Cross-Origin-Resource-Policy",
        "Timing-Allow-Origin", "Content-Security-Policy", "Strict-Transport-Security", "Server-Timing", "Link",
    };

    /// <summary>Sets the status and the fields of the answer to a request.</summary>
    /// <param name="http">The request and its answer.</param>
    /// <param name="stored">The complete response.</param>
    /// <param name="rules">What applies to the request.</param>
    /// <param name="now">The time.</param>
    /// <param name="body">The body to write then.</param>
    public static void Prepare(HttpContext http, StoredResponse stored, in HttpCacheRules rules, DateTimeOffset now, out AnswerBody body)
    {
        var head = stored.Head;
        body = default;
        var mayEncode = rules.Encodes && stored.IsEncodable;
        var form = mayEncode && !rules.ChangesBody && stored.Forms is { } forms ? BestForms.Choose(forms, http.Request.Headers) : null;
        if (Conditions.IsNotModified(http.Request.Headers, head))
        {
            WriteHead(http, head, now, StatusCodes.Status304NotModified);
            if (mayEncode)
            {
                EncodedHead.Varies(http.Response);
            }

            if (form is not null || (rules.Encodes && WeakenedTags.AreNamed(http.Request.Headers)))
            {
                EncodedHead.Weaken(http.Response);
            }

            return;
        }

        WriteHead(http, head, now, head.Status);
        if (mayEncode)
        {
            EncodedHead.Varies(http.Response);
        }

        var isGet = HttpMethods.IsGet(http.Request.Method);
        if (isGet && head.Status == StatusCodes.Status200OK && http.Request.Headers.Range.Count > 0
            && RequestedRanges.Of(http.Request.Headers, head, stored.Body.Length) is { IsWhole: false } ranges)
        {
            body = new AnswerBody(ranges.Prepare(http, stored.Body));
            return;
        }

        var content = stored.Body;
        if (form is not null)
        {
            EncodedHead.Encoded(http.Response, form.Coding);
            content = form.Bytes;
        }

        if (head.Status != StatusCodes.Status204NoContent)
        {
            http.Response.ContentLength = content.Length;
        }

        body = isGet ? new AnswerBody(content, stored.Body.Length - content.Length) : default;
    }

    /// <summary>Sets the status and the fields of an answer.</summary>
    public static void WriteHead(HttpContext http, StoredHead head, DateTimeOffset now, int status)
    {
        var response = http.Response;
        response.StatusCode = status;
        if (head.Reason is not null && status == head.Status && http.Features.Get<IHttpResponseFeature>() is { } feature)
        {
            feature.ReasonPhrase = head.Reason;
        }

        var isNotModified = status == StatusCodes.Status304NotModified;
        foreach (var (name, value) in head.Fields)
        {
            if (!isNotModified || NotModifiedFields.Contains(name))
            {
                response.Headers[name] = value;
            }
        }

        var age = (long)head.AgeAt(now).TotalSeconds;
        response.Headers.Age = Math.Min(age, int.MaxValue).ToString(CultureInfo.InvariantCulture);
    }
}
