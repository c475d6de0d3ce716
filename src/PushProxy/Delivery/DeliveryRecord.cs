using PushProxy.Analysis;
using PushProxy.Client;
using PushProxy.Client.Pacing;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>Records what one page view received, by which channel, and why not the rest. Only the delivery stages write it.</summary>
/// <param name="visit">The facts of the request.</param>
internal sealed class DeliveryRecord(PageVisit visit)
{
    private DeliveryPlan? _plan;
    private (DeliveryPlan From, DeliveryPlan Plan)? _reduced;
    private CacheEvidence[]? _known;
    private Dictionary<string, PushSkip>? _notPushed;
    private HashSet<string>? _pushed;
    private (DeliveryPlan Plan, CacheEvidence[]? Known)? _inAdvance;
    private bool _isLinked;

    public PageVisit Visit { get; } = visit;

    /// <summary>The client's connection; null as long as nothing is kept about it.</summary>
    public ClientConnection? Connection { get; set; } = visit.Connection;

    /// <summary>The arm of the visitor.</summary>
    public Arm Arm { get; set; }

    /// <summary>What may be pushed with the page; null until a push is tried.</summary>
    public PushBudget? Budget { get; set; }

    /// <summary>
    /// Why nothing was delivered before the origin answered, as a word (<see cref="PageSkip"/> or <see cref="PushSkip"/>); null if
    /// something was delivered or nobody tried.
    /// </summary>
    public string? NotEarly { get; set; }

    /// <summary>
    /// Whether the page began with a shell, as a word: <c>sent</c>, or why not (<see cref="ShellSkip"/>); null if shells are off.
    /// </summary>
    public string? Shell { get; set; }

    /// <summary>The awaited page, for which the connection holds other bodies back; null if it holds nothing back.</summary>
    public AwaitedPage? Awaited { get; set; }

    /// <summary>Whether a 103 was sent.</summary>
    public bool HintsSent { get; set; }

    /// <summary>Whether the client takes a 103: one was sent, or there was nothing that could be in one.</summary>
    public bool IsHintable => HintsSent || NotEarly == PageSkip.NothingToHint.Name();

    /// <summary>Whether the Link of the page's own response has been decided.</summary>
    public bool IsAnswered { get; set; }

    /// <summary>The number of resources pushed.</summary>
    public int PushedCount => _pushed?.Count ?? 0;

    /// <summary>The number of resources that the 103 named and the client was left to ask for; 0 until the page is answered.</summary>
    public int HintedCount { get; set; }

    /// <summary>The number of resources that the page's response alone names; 0 until the page is answered.</summary>
    public int LinkedCount { get; set; }

    public bool IsPushed(string url) => _pushed is not null && _pushed.Contains(url);

    public void Pushed(string url) => (_pushed ??= new(StringComparer.Ordinal)).Add(url);

    public void NotPushed(string url, PushSkip reason) => (_notPushed ??= new(StringComparer.Ordinal))[url] = reason;

    /// <summary>Returns why a resource was not pushed; <see cref="PushSkip.None"/> if no push was tried.</summary>
    public PushSkip WhyNotPushed(string url) => _notPushed?.GetValueOrDefault(url) ?? PushSkip.None;

    /// <summary>Returns a plan for this view: without what it holds out, and without images that the client does not take.</summary>
    public DeliveryPlan Reduce(DeliveryPlan plan)
    {
        plan = plan.For(Visit.Images);
        if (Visit.View?.HeldOut is not { } heldOut)
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

    /// <summary>Returns whether it is noted what the client has of this plan.</summary>
    public bool HasKnown(DeliveryPlan plan) => ReferenceEquals(_plan, plan);

    /// <summary>Whether the client has nothing of the plan.</summary>
    public bool KnowsNothing => _known is null;

    /// <summary>Returns how the proxy knows that the client has a resource of the plan.</summary>
    public CacheEvidence EvidenceFor(DeliveryPlan plan, int index) =>
        _known is not null && ReferenceEquals(_plan, plan) ? _known[index] : CacheEvidence.None;

    /// <summary>Notes the plan for what the client is told before its own page has been read.</summary>
    public void TellsInAdvance(DeliveryPlan plan) => _inAdvance = (plan, EvidenceOf(plan));

    /// <summary>Notes that the page's response names what the plan names, although the page has not been read.</summary>
    public void LinksInAdvance(DeliveryPlan plan)
    {
        _inAdvance ??= (plan, EvidenceOf(plan));
        _isLinked = true;
    }

    /// <summary>Returns what the client was told before its own page had been read. What traffic added is not the page's to name.</summary>
    public IReadOnlyList<ToldResource> ToldInAdvance()
    {
        if (_inAdvance is not { } told)
        {
            return [];
        }

        var resources = new List<ToldResource>(told.Plan.Resources.Length);
        for (var i = 0; i < told.Plan.Resources.Length; i++)
        {
            var planned = told.Plan.Resources[i];
            var channel = planned.Resource is null or { FoundBy: FoundBy.Traffic } ? DeliveryChannel.None
                : IsPushed(planned.Url) ? DeliveryChannel.Push
                : planned.Skip != ResourceSkip.None || told.Known?[i].IsAskedFor() == false || Visit.IsHardReload ? DeliveryChannel.None
                : HintsSent && planned.IsHintable ? DeliveryChannel.EarlyHints
                : _isLinked ? DeliveryChannel.Link
                : DeliveryChannel.None;
            if (channel != DeliveryChannel.None)
            {
                resources.Add(new ToldResource(planned.Resource!, channel));
            }
        }

        return resources;
    }

    private CacheEvidence[]? EvidenceOf(DeliveryPlan plan) => ReferenceEquals(_plan, plan) ? _known : null;

    /// <summary>Returns the channel by which a resource was delivered.</summary>
    public DeliveryChannel ChannelOf(DeliveryPlan plan, int index) =>
        plan.Resources[index] is var planned && planned.Resource is not null && IsPushed(planned.Url) ? DeliveryChannel.Push
        : planned.Skip != ResourceSkip.None || !EvidenceFor(plan, index).IsAskedFor() ? DeliveryChannel.None
        : Visit.IsHardReload ? DeliveryChannel.None
        : HintsSent && planned.IsHintable ? DeliveryChannel.EarlyHints
        : DeliveryChannel.Link;
}
