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
    private NameWitnesses[]? _names;
    private volatile bool _isConfirmed = true;

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
    /// Whether clients may be told of everything that the page names. If not, its head is read for each client as it passes.
    /// </summary>
    public bool IsConfirmed => _isConfirmed || (_isConfirmed = Array.TrueForAll(_names!, static n => n.IsTold));

    /// <summary>Returns whether clients may be told of a resource in advance.</summary>
    public bool IsTold(CriticalResource resource) => _isConfirmed || WitnessesOf(resource) is not { IsTold: false };

    /// <summary>
    /// Returns who named a resource of the page; null if that is not counted: for other resources, and for pages made of what is told
    /// already.
    /// </summary>
    public NameWitnesses? WitnessesOf(CriticalResource resource)
    {
        for (var i = 0; i < _names?.Length; i++)
        {
            if (Analysis.Resources[i] is var named && named.Kind == resource.Kind && named.Url == resource.Url)
            {
                return _names[i];
            }
        }

        return null;
    }

    /// <summary>Counts from now on who names each resource. Called once, under the store's lock, before the page is used.</summary>
    /// <param name="witnesses">Returns who has named a resource so far.</param>
    public void CountNames(Func<CriticalResource, NameWitnesses> witnesses)
    {
        _names = [.. Analysis.Resources.Select(witnesses)];
        _isConfirmed = false;
    }

    /// <summary>Returns whether a connection counts already, or need not be counted.</summary>
    public bool IsNamedBy(ulong connection) =>
        IsConfirmed || Array.TrueForAll(_names!, n => n.IsTold || n.Connections.Contains(connection));

    /// <summary>Counts that a connection was sent the page. Guarded by the store's lock.</summary>
    /// <returns>True if clients may now be told of more.</returns>
    public bool NameBy(ulong connection)
    {
        var isNew = false;
        foreach (var name in _names ?? [])
        {
            isNew |= name.Add(connection);
        }

        return isNew;
    }

    /// <summary>
    /// The estimated memory in bytes. Strings count two bytes per character (UTF-16), and the plan's copies of them are included.
    /// </summary>
    public long Size => 256 + (Traffic?.Size ?? 0) + TaughtBy.Size
        + Analysis.Resources.Sum(r => 416 + (8L * r.Url.OriginalString.Length)
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
