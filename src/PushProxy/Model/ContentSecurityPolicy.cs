using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// The Content-Security-Policy of a page, as far as it decides what is delivered early (CSP Level 3): what it would block is not
/// hinted, and it goes into the 103 with the hints. Nonces are good for one response only and are left out.
/// </summary>
internal sealed class ContentSecurityPolicy
{
    /// <summary>More policies than this on one page are not looked at: nothing of such a page is delivered.</summary>
    private const int MaxPolicies = 16;

    private readonly List<PolicyDirectives> _policies;

    private ContentSecurityPolicy(List<PolicyDirectives> policies, IReadOnlyList<string> header) =>
        (_policies, HeaderPolicies) = (policies, header);

    /// <summary>The policies that the page's header fields state, one by one, without nonces.</summary>
    public IReadOnlyList<string> HeaderPolicies { get; }

    /// <param name="header">The response's Content-Security-Policy fields.</param>
    /// <param name="meta">What the page states in its head (HTML §4.2.5.3). It comes with the document and is no part of a 103.</param>
    /// <returns>Null when there is none.</returns>
    public static ContentSecurityPolicy? Of(StringValues header, IReadOnlyList<string> meta)
    {
        if (header.Count == 0 && meta.Count == 0)
        {
            return null;
        }

        // A field may hold several policies, and all of them are in force (CSP §2.2).
        var policies = header
            .SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Take(MaxPolicies).Select(PolicyDirectives.Parse).ToList();
        var fields = policies.ConvertAll(static p => p.Text);
        policies.AddRange(meta.Take(MaxPolicies).Select(PolicyDirectives.Parse));
        return new ContentSecurityPolicy(policies, fields);
    }

    /// <summary>Whether both say the same, but for nonces.</summary>
    public bool SaysTheSameAs(StringValues header) => header.Count > 0 && HeaderPolicies.SequenceEqual(Of(header, [])!.HeaderPolicies);

    /// <summary>Whether a browser would fetch it, without knowing this response's nonce.</summary>
    public bool Allows(CriticalResource resource) => _policies.TrueForAll(p => p.Allows(resource));
}
