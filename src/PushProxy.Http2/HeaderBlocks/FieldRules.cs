using System.Buffers;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>Which fields may go into a block made here.</summary>
internal static class FieldRules
{
    private static readonly SearchValues<char> s_token =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>A field name and value that cannot break a message: a token, and visible ASCII with blanks. No CR, LF or NUL.</summary>
    public static bool IsWellFormed(string name, string? value)
        => name.Length > 0 && !name.AsSpan().ContainsAnyExcept(s_token) && value is not null && IsWellFormedValue(value);

    /// <summary>
    /// A promised request carries no pseudo-fields of the caller, and no fields about the connection or about content, because it
    /// has no content. The list is that of Go's net/http2.
    /// </summary>
    public static bool AllowedInPromise(string name) => !IsConnectionSpecific(name) && name.ToLowerInvariant() switch
    {
        "content-length" or "content-encoding" or "trailer" or "te" or "expect" or "host" => false,
        _ => true,
    };

    /// <summary>A 1xx response has neither content nor trailers (RFC 9110 §15.2).</summary>
    public static bool AllowedInInformational(string name) => !IsConnectionSpecific(name) && name.ToLowerInvariant() switch
    {
        "content-length" or "trailer" or "te" => false,
        _ => true,
    };

    // RFC 9113 §8.2.2: "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields."
    private static bool IsConnectionSpecific(string name) => name.ToLowerInvariant() switch
    {
        "connection" or "proxy-connection" or "keep-alive" or "transfer-encoding" or "upgrade" => true,
        _ => false,
    };

    // RFC 9113 §8.2.1: a value holds no NUL, LF or CR, and neither starts nor ends with a blank.
    private static bool IsWellFormedValue(string value)
    {
        if (value.Length > 0 && (value[0] is ' ' or '\t' || value[^1] is ' ' or '\t'))
        {
            return false;
        }

        foreach (var c in value)
        {
            if (c is (< ' ' and not '\t') or >= '\x7f')
            {
                return false;
            }
        }

        return true;
    }
}
