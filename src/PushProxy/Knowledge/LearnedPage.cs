using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What one version of a page needs. Only the policy, the traffic and what a higher layer remembers change later.</summary>
/// <param name="analysis">What the page needs.</param>
/// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
/// <param name="changes">The value of <see cref="ResourceRegistry.Changes"/> when the page was analysed.</param>
internal sealed class LearnedPage(PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0)
{
    /// <summary>The maximum number of addresses remembered. No option asks for more.</summary>
    private const int MaxTeachers = 8;

    private volatile ContentSecurityPolicy? _security = security;
    private volatile object? _remembered;
    private int _changes = changes;

    public PageAnalysis Analysis { get; } = analysis;

    public ContentSecurityPolicy? Security => _security;

    /// <summary>The first addresses whose clients received the page, or one that needs the same.</summary>
    public AddressSet TaughtBy { get; } = new(MaxTeachers);

    /// <summary>
    /// Whether the page is what several clients' pages share. Then it does not take over the policy of a single response, which could be
    /// one client's own.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// What browsers were seen to request after the page; null for a page that is not the same for everyone. It is set under the store's
    /// lock.
    /// </summary>
    public PageTraffic? Traffic { get; set; }

    /// <summary>
    /// A value that a higher layer attaches to the page, to find it again. This layer gives it no meaning. It lives as long as the page.
    /// </summary>
    public object? Remembered
    {
        get => _remembered;
        set => _remembered = value;
    }

    /// <summary>
    /// The estimated memory in bytes. Strings count two bytes per character (UTF-16), and the plan's copies of them are included.
    /// </summary>
    public long Size => 256 + (Traffic?.Size ?? 0) + TaughtBy.Size
        + Analysis.Resources.Sum(r => 320 + (8L * r.Url.OriginalString.Length)
            + (2L * ((r.Integrity?.Length ?? 0) + (r.Media?.Length ?? 0) + (r.ImageSrcSet?.Length ?? 0))))
        + Analysis.Skipped.Sum(s => 96 + (2L * s.Url.Length))
        + Analysis.Preconnects.Sum(p => 96 + (4L * p.Origin.Length))
        + Analysis.MetaPolicies.Sum(p => 64 + (4L * p.Length))
        + (_security?.HeaderPolicies.Sum(p => 64 + (6L * p.Length)) ?? 0);

    /// <summary>Returns whether both pages need the same resources in the same order.</summary>
    public bool NeedsTheSameAs(LearnedPage other) => Analysis.Resources.SequenceEqual(other.Analysis.Resources);

    /// <summary>
    /// Returns whether a new version of a needed stylesheet has appeared since the analysis. The new version may name other fonts, images
    /// and imports.
    /// </summary>
    public bool IsOutdated(ResourceRegistry registry)
    {
        var changes = registry.Changes;
        if (changes == Volatile.Read(ref _changes))
        {
            return false;
        }

        foreach (var resource in Analysis.Resources)
        {
            if (resource.Kind == ResourceKind.Style && registry.Find(resource.Url) is { ChangedAt: var at }
                && at > Volatile.Read(ref _changes))
            {
                return true;
            }
        }

        Volatile.Write(ref _changes, changes);
        return false;
    }

    /// <summary>Takes over the policies that several clients' pages have.</summary>
    public void Share(ContentSecurityPolicy? policy)
    {
        if (!ContentSecurityPolicy.AreSame(_security, policy) || _security?.MayBeTold != policy?.MayBeTold)
        {
            _security = policy;
        }
    }

    /// <summary>Takes over the policy of the newest response. A different nonce changes nothing.</summary>
    public void Update(StringValues policy)
    {
        if (IsShared || (policy.Count == 0 ? _security is not { HeaderPolicies.Count: > 0 } : _security?.SaysTheSameAs(policy) == true))
        {
            return;
        }

        _security = ContentSecurityPolicy.Of(policy, Analysis.MetaPolicies);
    }
}
