using System.Collections.Frozen;

namespace PushProxy.Http2.HeaderBlocks;

/// <summary>Where the static table (RFC 7541 Appendix A) has a field name, or a whole field that a promise needs.</summary>
internal static class StaticTable
{
    public const int MethodGet = 2;
    public const int PathRoot = 4;
    public const int SchemeHttp = 6;
    public const int SchemeHttps = 7;

    private static readonly FrozenDictionary<string, int> s_names = Names().ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The first index with this name, 0 if there is none.</summary>
    public static int IndexOfName(string name) => s_names.GetValueOrDefault(name);

    private static IEnumerable<KeyValuePair<string, int>> Names()
    {
        yield return new(":authority", 1);
        yield return new(":method", 2);
        yield return new(":path", 4);
        yield return new(":scheme", 6);
        yield return new(":status", 8);
        string[] fields =
        [
            "accept-charset", "accept-encoding", "accept-language", "accept-ranges", "accept", "access-control-allow-origin", "age",
            "allow", "authorization", "cache-control", "content-disposition", "content-encoding", "content-language", "content-length",
            "content-location", "content-range", "content-type", "cookie", "date", "etag", "expect", "expires", "from", "host",
            "if-match", "if-modified-since", "if-none-match", "if-range", "if-unmodified-since", "last-modified", "link", "location",
            "max-forwards", "proxy-authenticate", "proxy-authorization", "range", "referer", "refresh", "retry-after", "server",
            "set-cookie", "strict-transport-security", "transfer-encoding", "user-agent", "vary", "via", "www-authenticate",
        ];
        for (var i = 0; i < fields.Length; i++)
        {
            yield return new(fields[i], 15 + i);
        }
    }
}
