using PushProxy.ClientCache;
using PushProxy.Connections;
using PushProxy.Navigation;
using PushProxy.Pages;
using PushProxy.Traffic;

namespace PushProxy.Delivery;

/// <summary>One request for a page on its way through the proxy: what was decided before the origin was asked. A feature of the request.</summary>
internal sealed class PageVisit(NavigationKind kind, SkipReason notNavigation, PageKey key, string query, bool isMember, PageKnowledge knowledge, long startedAt)
{
    private DeliveryPlan? _plan;
    private (DeliveryPlan From, DeliveryPlan Plan)? _reduced;
    private CacheEvidence[]? _known;
    private Dictionary<string, SkipReason>? _notPushed;
    private HashSet<string>? _pushed;

    public NavigationKind Kind { get; } = kind;

    /// <summary>Why it is no navigation; <see cref="SkipReason.None"/> when it is one.</summary>
    public SkipReason NotNavigation { get; } = notNavigation;

    public PageKey Key { get; } = key;

    /// <summary>The query string with its question mark; empty when there is none.</summary>
    public string Query { get; } = query;

    /// <summary>Whether the request carries cookies or authorization.</summary>
    public bool IsMember { get; } = isMember;

    public PageKnowledge Knowledge { get; } = knowledge;

    /// <summary>When the request came; a timestamp of the time provider.</summary>
    public long StartedAt { get; } = startedAt;

    /// <summary>The client's connection; null where nothing is kept of it.</summary>
    public ClientConnection? Connection { get; set; }

    /// <summary>The value of the cookie that says what the client has; null when there is none, or the policy heeds none.</summary>
    public string? CacheCookie { get; init; }

    /// <summary>The same view as traffic counts it; null for most.</summary>
    public TrafficView? View { get; set; }

    /// <summary>
    /// Whether the browser is to fetch all of the page past its cache. It may be pushed to then, but told of nothing: Chromium (seen in 156)
    /// takes from its cache what Link or a 103 has it preload, and so the user would see the old version again.
    /// </summary>
    public bool IsHardReload { get; init; }

    /// <summary>What may be pushed with it; null as long as nobody tried.</summary>
    public PushBudget? Budget { get; set; }

    /// <summary>Why nothing was delivered before the origin was asked; <see cref="SkipReason.None"/> when something was.</summary>
    public SkipReason NotEarly { get; set; }

    /// <summary>Itself as its connection awaits it, holding others back; null when it does not.</summary>
    public AwaitedPage? Awaited { get; set; }

    /// <summary>Whether a 103 was sent.</summary>
    public bool HintsSent { get; set; }

    /// <summary>How many resources were pushed.</summary>
    public int PushedCount => _pushed?.Count ?? 0;

    public bool IsPushed(string url) => _pushed is not null && _pushed.Contains(url);

    public void Pushed(string url) => (_pushed ??= new(StringComparer.Ordinal)).Add(url);

    public void NotPushed(string url, SkipReason reason) => (_notPushed ??= new(StringComparer.Ordinal))[url] = reason;

    /// <summary>Why a resource was not pushed; <see cref="SkipReason.None"/> when nobody tried.</summary>
    public SkipReason WhyNotPushed(string url) => _notPushed?.GetValueOrDefault(url) ?? SkipReason.None;

    /// <summary>A plan, less what is held out of this view.</summary>
    public DeliveryPlan Reduce(DeliveryPlan plan)
    {
        if (View?.HeldOut is not { } heldOut)
        {
            return plan;
        }

        if (_reduced is not { } reduced || !ReferenceEquals(reduced.From, plan))
        {
            _reduced = reduced = (plan, plan.Without(heldOut));
        }

        return reduced.Plan;
    }

    /// <summary>Notes what the client has of a plan.</summary>
    public void Knows(DeliveryPlan plan, CacheEvidence[]? known) => (_plan, _known) = (plan, known);

    /// <summary>Whether that was noted for this plan.</summary>
    public bool HasKnown(DeliveryPlan plan) => ReferenceEquals(_plan, plan);

    /// <summary>Whether the client has nothing of the plan.</summary>
    public bool KnowsNothing => _known is null;

    /// <summary>How it is known that the client has a resource of the plan.</summary>
    public CacheEvidence EvidenceFor(DeliveryPlan plan, int index) => _known is not null && ReferenceEquals(_plan, plan) ? _known[index] : CacheEvidence.None;

    /// <summary>How a resource was delivered.</summary>
    public Channel ChannelOf(DeliveryPlan plan, int index) =>
        plan.Resources[index] is var planned && IsPushed(planned.Url) ? Channel.Push
        : planned.Skip != SkipReason.None || EvidenceFor(plan, index) != CacheEvidence.None ? Channel.None
        : IsHardReload ? Channel.None
        : HintsSent && planned.IsUnconditional ? Channel.EarlyHints
        : Channel.Link;
}
