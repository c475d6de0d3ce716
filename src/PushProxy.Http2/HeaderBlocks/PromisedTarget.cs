using System.Buffers;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>What a promise names: scheme, authority and path with query.</summary>
internal readonly record struct PromisedTarget(bool IsHttps, string Authority, string Path)
{
    // The characters of RFC 3986 paths and queries. Anything else has to be percent-encoded by the caller.
    private static readonly SearchValues<char> s_pathCharacters = SearchValues.Create(
        "/?%-._~!$&'()*+,;=:@0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>
    /// Reads an absolute path ("/app.css?v=2") or an absolute URL of the same origin as the request that pushes.
    /// RFC 9113 §8.4: "The server MUST include a value in the :authority pseudo-header field for which the server is
    /// authoritative"; the authority the client itself chose for this connection is the one known to be.
    /// </summary>
    public static bool TryParse(string target, bool isHttps, string authority, out PromisedTarget parsed)
    {
        parsed = new PromisedTarget(isHttps, authority, target);
        if (authority.Length == 0)
        {
            return false;
        }

        if (!target.StartsWith('/') || target.StartsWith("//", StringComparison.Ordinal))
        {
            var origin = (isHttps ? "https://" : "http://") + authority;
            var isOfOrigin = target.StartsWith(origin, StringComparison.OrdinalIgnoreCase);
            if (!isOfOrigin || target.Length == origin.Length || target[origin.Length] != '/')
            {
                return false;
            }

            parsed = parsed with { Path = target[origin.Length..] };
        }

        return !parsed.Path.AsSpan().ContainsAnyExcept(s_pathCharacters) && PercentSignsAreEncodings(parsed.Path);
    }

    private static bool PercentSignsAreEncodings(string path)
    {
        for (var at = path.IndexOf('%', StringComparison.Ordinal); at >= 0; at = path.IndexOf('%', at + 1))
        {
            if (at + 2 >= path.Length || !char.IsAsciiHexDigit(path[at + 1]) || !char.IsAsciiHexDigit(path[at + 2])
                || (path[at + 1] == '0' && path[at + 2] == '0'))
            {
                return false;
            }
        }

        return true;
    }
}
