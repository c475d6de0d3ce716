using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What one version of a page needs. Immutable but for its policy, which comes with each response.</summary>
/// <param name="analysis">What it needs.</param>
/// <param name="security">Its Content-Security-Policy; null when it has none.</param>
/// <param name="changes"><see cref="ResourceRegistry.Changes"/> when it was analysed.</param>
internal sealed class LearnedPage(PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0)
{
    private volatile ContentSecurityPolicy? _security = security;
    private volatile object? _remembered;
    private int _changes = changes;

    public PageAnalysis Analysis { get; } = analysis;

    public ContentSecurityPolicy? Security => _security;

    /// <summary>
    /// What browsers were seen to ask for after it; null for pages that not everyone gets alike. Set under the store's lock.
    /// </summary>
    public PageTraffic? Traffic { get; set; }

    /// <summary>
    /// A place for what a higher layer makes of this page and wants to find again. It means nothing here, and lives as long as the page.
    /// </summary>
    public object? Remembered
    {
        get => _remembered;
        set => _remembered = value;
    }

    /// <summary>A rough count of the memory it takes, in bytes: texts twice over (UTF-16), and the plan's copies of them.</summary>
    public long Size => 256 + (Traffic?.Size ?? 0)
        + Analysis.Resources.Sum(r => 320 + (8L * r.Url.OriginalString.Length)
            + (2L * ((r.Integrity?.Length ?? 0) + (r.Media?.Length ?? 0) + (r.ImageSrcSet?.Length ?? 0))))
        + Analysis.Skipped.Sum(s => 96 + (2L * s.Url.Length))
        + Analysis.Preconnects.Sum(p => 96 + (4L * p.Origin.Length))
        + Analysis.MetaPolicies.Sum(p => 64 + (4L * p.Length))
        + (_security?.HeaderPolicies.Sum(p => 64 + (6L * p.Length)) ?? 0);

    /// <summary>Whether both pages need the same, in the same order.</summary>
    public bool NeedsTheSameAs(LearnedPage other) => Analysis.Resources.SequenceEqual(other.Analysis.Resources);

    /// <summary>Whether a stylesheet that it needs has come in a new version since: it may name other fonts, images and imports.</summary>
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

    /// <summary>The page's policy as its newest response states it; a nonce that differs changes nothing.</summary>
    public void Update(StringValues policy)
    {
        if (policy.Count == 0 ? _security is not { HeaderPolicies.Count: > 0 } : _security?.SaysTheSameAs(policy) == true)
        {
            return;
        }

        _security = ContentSecurityPolicy.Of(policy, Analysis.MetaPolicies);
    }
}
