using Microsoft.Net.Http.Headers;

namespace PushProxy.Model;

/// <summary>Recognises <c>text/html</c> (RFC 9110 §8.3).</summary>
internal static class HtmlType
{
    private const string Html = "text/html";

    public static bool Is(string? contentType)
    {
        if (contentType is null || !contentType.StartsWith(Html, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var rest = contentType.AsSpan(Html.Length).TrimStart();
        return rest.IsEmpty || rest[0] == ';';
    }

    /// <summary>Returns the charset parameter; null if it is missing or cannot be read.</summary>
    public static string? Charset(string contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type) && type.Charset.HasValue ? type.Charset.Value!.Trim('"') : null;
}
