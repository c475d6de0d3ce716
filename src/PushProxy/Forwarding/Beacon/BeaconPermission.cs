using Microsoft.AspNetCore.Http;
using PushProxy.Model;

namespace PushProxy.Forwarding.Beacon;

/// <summary>
/// Says whether a page's policies let its browser run a script of the site's own and send a beacon to the site (CSP Level 3). In doubt
/// they do not: nothing may be blocked that was not blocked before, because the site's reports would say so.
/// </summary>
internal static class BeaconPermission
{
    /// <summary>The maximum number of policies read.</summary>
    private const int MaxPolicies = 16;

    private const string NoncePrefix = "'nonce-";

    /// <summary>Returns whether the script may be named.</summary>
    /// <param name="response">The page's header fields. What only reports makes no difference.</param>
    /// <param name="url">The script's URL, which is also the beacon's.</param>
    /// <param name="nonce">The nonce that the tag needs; null if it needs none.</param>
    public static bool Allows(IHeaderDictionary response, Uri url, out string? nonce)
    {
        nonce = null;

        // It asks for the integrity of scripts in their tags.
        if (response.ContainsKey("Integrity-Policy"))
        {
            return false;
        }

        List<string>? nonces = null;
        var count = 0;
        foreach (var line in response.ContentSecurityPolicy)
        {
            // A field may hold several policies, and all of them apply (CSP §2.2).
            foreach (var policy in (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            {
                if (++count > MaxPolicies || !Allows(Parse(policy), url, ref nonces))
                {
                    return false;
                }
            }
        }

        nonce = nonces?[0];
        return true;
    }

    private static bool Allows(Dictionary<string, string[]> policy, Uri url, ref List<string>? nonces)
    {
        // Without an origin of its own, the page's beacons are those of a stranger.
        if (policy.TryGetValue("sandbox", out var allowed) && !(Has(allowed, "allow-scripts") && Has(allowed, "allow-same-origin")))
        {
            return false;
        }

        if (policy.ContainsKey("require-sri-for")
            || (InCharge(policy, "connect-src", "default-src") is { } connects && !IsMatched(connects, url)))
        {
            return false;
        }

        var scripts = InCharge(policy, "script-src-elem", "script-src", "default-src");
        if (scripts is null || (!Has(scripts, "'strict-dynamic'") && IsMatched(scripts, url)))
        {
            return true;
        }

        // One tag has one nonce, and each policy that needs one must have it.
        var own = NoncesOf(scripts);
        nonces = nonces is null ? own : [.. nonces.Intersect(own, StringComparer.Ordinal)];
        return nonces.Count > 0;
    }

    private static Dictionary<string, string[]> Parse(string policy)
    {
        var directives = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        foreach (var directive in policy.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = directive.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries);

            // If a directive comes twice, the first one counts (§2.2.1).
            directives.TryAdd(words[0], words[1..]);
        }

        return directives;
    }

    private static string[]? InCharge(Dictionary<string, string[]> policy, params ReadOnlySpan<string> chain)
    {
        foreach (var name in chain)
        {
            if (policy.TryGetValue(name, out var sources))
            {
                return sources;
            }
        }

        return null;
    }

    private static bool IsMatched(string[] sources, Uri url) => Array.Exists(sources, source => PolicyDirectives.Matches(source, url));

    private static bool Has(string[] words, string word) => words.Contains(word, StringComparer.OrdinalIgnoreCase);

    // Those that are written as §2.3.1 says. Nothing else is copied into the page.
    private static List<string> NoncesOf(string[] sources) =>
    [
        .. sources.Where(static s => s.Length > NoncePrefix.Length + 1 && s.EndsWith('\'')
                && s.StartsWith(NoncePrefix, StringComparison.OrdinalIgnoreCase))
            .Select(static s => s[NoncePrefix.Length..^1])
            .Where(static nonce => nonce.Length <= 256 && nonce.All(static c => char.IsAsciiLetterOrDigit(c) || "+/-_=".Contains(c))),
    ];
}
