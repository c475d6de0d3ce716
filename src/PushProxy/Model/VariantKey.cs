using System.IO.Hashing;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace PushProxy.Model;

/// <summary>Tells the variants of a path apart by the query string and by the request headers that Vary names.</summary>
internal static class VariantKey
{
    /// <summary>The maximum number of names in Vary. A page with more is not kept.</summary>
    private const int MaxNames = 8;

    public static UInt128 Of(string query, IHeaderDictionary request, IReadOnlyList<string> vary)
    {
        if (vary.Count == 0)
        {
            return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(query.AsSpan()));
        }

        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(query.AsSpan()));
        foreach (var name in vary)
        {
            hash.Append("\n"u8);
            hash.Append(MemoryMarshal.AsBytes(request[name].ToString().AsSpan()));
        }

        return hash.GetCurrentHashAsUInt128();
    }

    /// <summary>
    /// Reads the names in Vary that matter here, lower-cased and sorted. Accept-Encoding is left out because it does not change the decoded
    /// bytes. Cookie and Authorization are left out because pages with those are counted by client (<see cref="Audience.Members"/>), not
    /// kept as variants.
    /// </summary>
    /// <param name="vary">The field.</param>
    /// <param name="known">The names that other responses of the path gave. They are among the names in any case.</param>
    /// <param name="names">The names.</param>
    /// <returns>False if Vary is <c>*</c> (no two responses are alike) or has more than <see cref="MaxNames"/> such names.</returns>
    public static bool TryParseVary(StringValues vary, IReadOnlyList<string> known, out IReadOnlyList<string> names)
    {
        names = known;
        if (vary.Count == 0)
        {
            return true;
        }

        var found = new SortedSet<string>(known, StringComparer.Ordinal);
        foreach (var line in vary)
        {
            foreach (var part in (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                var name = part.ToLowerInvariant();
                if (name == "*")
                {
                    return false;
                }

                if (!Is(name, HeaderNames.AcceptEncoding) && !Is(name, HeaderNames.Cookie) && !Is(name, HeaderNames.Authorization))
                {
                    found.Add(name);
                }
            }
        }

        names = [.. found];
        return found.Count <= MaxNames;
    }

    private static bool Is(string name, string header) => name.Equals(header, StringComparison.OrdinalIgnoreCase);
}
