using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Rules;

/// <summary>Tells documents, which a browser navigates to, from everything else.</summary>
internal static class Documents
{
    /// <summary>Returns what the request says about it (Fetch Metadata); null if it says nothing.</summary>
    public static bool? IsNavigation(IHeaderDictionary request)
    {
        if (!request.TryGetValue("Sec-Fetch-Dest", out var dest) || dest.Count != 1)
        {
            return null;
        }

        return dest[0] is "document" or "iframe" or "frame" or "embed" or "object" or "fencedframe";
    }

    /// <summary>
    /// Returns whether a response is a document. HTML with status 200 is, whatever the request says. An error's HTML stands for what was
    /// asked for.
    /// </summary>
    public static bool IsDocument(HttpRequest request, HttpResponse response)
    {
        var isNavigation = IsNavigation(request.Headers);
        return isNavigation == true
            || (IsHtml(response.Headers.ContentType) && (isNavigation is null || response.StatusCode == StatusCodes.Status200OK));
    }

    // Of several types a browser takes the last that it can read (MIME Sniffing, "extract a MIME type"), so any of them may be the one.
    private static bool IsHtml(StringValues types)
    {
        foreach (var line in types)
        {
            var text = line.AsSpan();
            foreach (var part in text.Split(','))
            {
                var type = text[part].Trim();
                var end = type.IndexOf(';');
                var media = (end < 0 ? type : type[..end]).TrimEnd();
                if (media.Equals("text/html", StringComparison.OrdinalIgnoreCase)
                    || media.Equals("application/xhtml+xml", StringComparison.OrdinalIgnoreCase))
                {
                    return true;
                }
            }
        }

        return false;
    }
}
