using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>One serialized policy (CSP Level 3 §2.2.1).</summary>
internal sealed class PolicyDirectives
{
    private readonly Dictionary<string, string[]> _directives;

    private PolicyDirectives(string text, Dictionary<string, string[]> directives) => (Text, _directives) = (text, directives);

    /// <summary>The policy without nonces.</summary>
    public string Text { get; }

    /// <summary>
    /// Whether the policy gives the page an origin of its own (§6.4.2), so that it shares no resource with what was fetched before it came.
    /// </summary>
    public bool IsSandboxed => _directives.TryGetValue("sandbox", out var allowed)
        && !allowed.Contains("allow-same-origin", StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether scripts may stand in the page itself that have neither a nonce nor a known hash (§6.7.3.2). It is not known of a policy that
    /// had nonces.
    /// </summary>
    public bool AllowsInlineScripts
    {
        get
        {
            var sources = InCharge(["script-src-elem", "script-src", "default-src"]);
            return sources is null
                || (Array.Exists(sources, static s => s.Equals("'unsafe-inline'", StringComparison.OrdinalIgnoreCase))
                && !Array.Exists(sources, static s => s.StartsWith("'sha", StringComparison.OrdinalIgnoreCase)
                    || s.Equals("'strict-dynamic'", StringComparison.OrdinalIgnoreCase)));
        }
    }

    public static PolicyDirectives Parse(string policy)
    {
        var directives = new Dictionary<string, string[]>(StringComparer.OrdinalIgnoreCase);
        var kept = new List<string>();
        foreach (var directive in policy.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var words = directive.Split([' ', '\t', '\n', '\f', '\r'], StringSplitOptions.RemoveEmptyEntries);
            var sources = words[1..].Where(static s => !s.StartsWith("'nonce-", StringComparison.OrdinalIgnoreCase)).ToArray();

            // If a directive comes twice, the first one counts (§2.2.1).
            if (directives.TryAdd(words[0], sources))
            {
                kept.Add(sources.Length == 0 ? EmptyOf(words) : $"{words[0]} {string.Join(' ', sources)}");
            }
        }

        return new PolicyDirectives(string.Join("; ", kept), directives);
    }

    /// <summary>Returns whether the directive that governs this kind of resource matches its URL (§6.7.2).</summary>
    public bool Allows(CriticalResource resource)
    {
        var sources = InCharge(resource.Kind switch
        {
            ResourceKind.Style => ["style-src-elem", "style-src", "default-src"],
            ResourceKind.Script => ["script-src-elem", "script-src", "default-src"],
            ResourceKind.Font => ["font-src", "default-src"],
            _ => ["img-src", "default-src"],
        });
        if (sources is null)
        {
            return true;
        }

        // With 'strict-dynamic', only nonces and hashes allow a script (§8.2).
        return !(resource.Kind == ResourceKind.Script && sources.Contains("'strict-dynamic'", StringComparer.OrdinalIgnoreCase))
            && sources.Any(source => Matches(source, resource.Url));
    }

    private string[]? InCharge(string[] chain)
    {
        foreach (var name in chain)
        {
            if (_directives.TryGetValue(name, out var sources))
            {
                return sources;
            }
        }

        return null;
    }

    // A directive that held only nonces must still forbid everything else. A directive without sources stays as it is.
    private static string EmptyOf(string[] words) => words.Length > 1 ? words[0] + " 'none'" : words[0];

    /// <summary>
    /// Returns whether a source matches a URL (CSP §6.7.2.8). Only resources of the page's own origin are delivered, so <c>'self'</c>
    /// always matches.
    /// </summary>
    public static bool Matches(string source, Uri url)
    {
        if (source.Equals("'self'", StringComparison.OrdinalIgnoreCase) || source == "*")
        {
            return true;
        }

        if (source.StartsWith('\''))
        {
            return false;
        }

        var rest = source;
        var scheme = source.IndexOf(':', StringComparison.Ordinal);
        if (scheme > 0 && (scheme == source.Length - 1 || source.AsSpan(scheme).StartsWith("://")))
        {
            if (!IsScheme(source[..scheme], url.Scheme))
            {
                return false;
            }

            if (scheme == source.Length - 1)
            {
                return true;
            }

            rest = source[(scheme + 3)..];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = slash < 0 ? (rest, "") : (rest[..slash], rest[slash..]);
        var colon = host.LastIndexOf(':');
        var port = colon >= 0 && !host.EndsWith(']') ? host[(colon + 1)..] : "";
        host = port.Length > 0 ? host[..colon] : host;
        return HostMatches(host, url.Host)
            && (port is "*"
                || (port.Length == 0 ? url.IsDefaultPort : port == url.Port.ToString(System.Globalization.CultureInfo.InvariantCulture)))
            && PathMatches(path, url.AbsolutePath);
    }

    // "http" also matches "https" (§6.7.2.9).
    private static bool IsScheme(string stated, string actual) =>
        stated.Equals(actual, StringComparison.OrdinalIgnoreCase)
            || (stated.Equals("http", StringComparison.OrdinalIgnoreCase) && actual == "https");

    private static bool HostMatches(string pattern, string host) =>
        pattern.StartsWith("*.", StringComparison.Ordinal)
            ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
            : pattern == "*" || pattern.Equals(host, StringComparison.OrdinalIgnoreCase);

    private static bool PathMatches(string pattern, string path) =>
        pattern.Length is 0 or 1 || (pattern.EndsWith('/') ? path.StartsWith(pattern, StringComparison.Ordinal) : path == pattern);
}
