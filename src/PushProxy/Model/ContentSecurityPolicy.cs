using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>
/// The Content-Security-Policy of a page (CSP Level 3), as far as it decides what is delivered early. Resources that it blocks are not
/// hinted, and a 103 carries it beside the hints. Nonces are left out, because each is valid for one response only.
/// </summary>
internal sealed class ContentSecurityPolicy
{
    /// <summary>
    /// The maximum number of policies read from the header fields of a page, and from its head. If the page has more, nothing of it is
    /// delivered early: a policy that was not read could block it.
    /// </summary>
    private const int MaxPolicies = 16;

    private readonly List<PolicyDirectives> _policies;
    private readonly bool _allowsAny;

    private ContentSecurityPolicy(List<PolicyDirectives> policies, IReadOnlyList<string> header, bool allowsAny) =>
        (_policies, HeaderPolicies, _allowsAny) = (policies, header, allowsAny);

    /// <summary>The policies in the page's header fields, one by one, without nonces.</summary>
    public IReadOnlyList<string> HeaderPolicies { get; }

    /// <summary>
    /// Whether the policies may be told to others than the client that received them. If not, they only decide what may be delivered, and
    /// no 103 is sent.
    /// </summary>
    public bool MayBeTold { get; private init; } = true;

    /// <summary>Returns the same policies, to be told to others or to nobody.</summary>
    public ContentSecurityPolicy With(bool mayBeTold) =>
        MayBeTold == mayBeTold ? this : new(_policies, HeaderPolicies, _allowsAny) { MayBeTold = mayBeTold };

    /// <summary>Returns whether the header fields of two pages state the same policies, apart from nonces.</summary>
    public static bool AreSame(ContentSecurityPolicy? one, ContentSecurityPolicy? other) =>
        (one?.HeaderPolicies ?? []).SequenceEqual(other?.HeaderPolicies ?? []);

    /// <param name="header">The response's Content-Security-Policy fields.</param>
    /// <param name="meta">The policies in the page's head (HTML §4.2.5.3). They come with the document and are not part of a 103.</param>
    /// <returns>Null if the page has no policy.</returns>
    public static ContentSecurityPolicy? Of(StringValues header, IReadOnlyList<string> meta)
    {
        if (header.Count == 0 && meta.Count == 0)
        {
            return null;
        }

        // A field may hold several policies, and all of them apply (CSP §2.2).
        var stated = header
            .SelectMany(static line => (line ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Take(MaxPolicies + 1).ToList();
        var policies = stated.Take(MaxPolicies).Select(PolicyDirectives.Parse).ToList();
        List<string> fields = [.. policies.Select(static p => p.Text).Where(static text => text.Length > 0)];

        // In a meta element, sandbox has no meaning (HTML §4.2.5.3).
        var allowsAny = stated.Count <= MaxPolicies && meta.Count <= MaxPolicies && !policies.Exists(static p => p.IsSandboxed);
        policies.AddRange(meta.Take(MaxPolicies).Select(PolicyDirectives.Parse));
        return new ContentSecurityPolicy(policies, fields, allowsAny);
    }

    /// <summary>Returns whether header fields have <c>upgrade-insecure-requests</c> (Upgrade Insecure Requests §3.1).</summary>
    public static bool UpgradesInsecure(StringValues header) => header.Any(static line => (line ?? "").Split(
        [',', ';'], StringSplitOptions.TrimEntries).Contains("upgrade-insecure-requests", StringComparer.OrdinalIgnoreCase));

    /// <summary>Returns whether the header fields state the same policies, apart from nonces.</summary>
    public bool SaysTheSameAs(StringValues header) => header.Count > 0 && HeaderPolicies.SequenceEqual(Of(header, [])!.HeaderPolicies);

    /// <summary>Whether scripts may stand in the page itself that have neither a nonce nor a known hash.</summary>
    public bool AllowsInlineScripts => _allowsAny && _policies.TrueForAll(static p => p.AllowsInlineScripts);

    /// <summary>Returns whether a browser would fetch the resource without knowing the nonce of this response.</summary>
    public bool Allows(CriticalResource resource) =>
        _allowsAny && _policies.TrueForAll(p => p.Allows(resource));
}
