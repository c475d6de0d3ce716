using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>The decision about one resource. It may be delivered if <see cref="Skip"/> is <see cref="ResourceSkip.None"/>.</summary>
/// <param name="Url">The absolute URL, or the text in the page if it could not be resolved.</param>
/// <param name="Resource">The resource; null if the analysis left it out.</param>
/// <param name="Skip">Why the resource is not delivered.</param>
internal readonly record struct PlannedResource(string Url, CriticalResource? Resource, ResourceSkip Skip)
{
    /// <summary>Why the analysis left the resource out; null if it did not.</summary>
    public AnalysisSkip? LeftOut { get; private init; }

    /// <summary>The link value of the resource; null if it is not delivered by Link.</summary>
    public string? Link { get; init; }

    /// <summary>What is known about the resource; null if no learned page names it.</summary>
    public ResourceState? State { get; init; }

    /// <summary>
    /// Whether a client that fetches the resource because of a 103 would have to ask for it again when the page has come, because its
    /// answers do not stay fresh. Chromium then fetches it twice.
    /// </summary>
    public bool WouldBeStale { get; init; }

    /// <summary>Whether cookies that the page sets may change what the client's own request gets (<see cref="PromiseVary"/>).</summary>
    public bool VariesByCookie { get; init; }

    /// <summary>Whether only the document decides for this client whether it is needed, so that it goes by Link alone.</summary>
    public bool IsOnlyLinked { get; init; }

    /// <summary>Whether the origin sends the whole resource to a client that asks whether its copy is still current.</summary>
    public bool IgnoresConditions => State?.Answer is { IgnoresConditions: true };

    /// <summary>The reason as it is written: the analysis' own, or that of the plan.</summary>
    public string Reason => LeftOut?.Name() ?? Skip.Name();

    /// <summary>Whether every screen needs the resource. Only then may it be pushed or hinted before the document comes.</summary>
    public bool IsUnconditional => Resource is { Media: null, ImageSrcSet: null } && !IsOnlyLinked;

    /// <summary>Whether a 103 may name the resource.</summary>
    public bool IsHintable => IsLinkable && IsUnconditional && !WouldBeStale && !VariesByCookie;

    /// <summary>Whether a 103 may name the resource, and it is a font.</summary>
    public bool IsHintableFont => IsHintable && Resource!.Kind == ResourceKind.Font;

    /// <summary>Whether the resource may be delivered. If Link has no room for it, it may still be pushed.</summary>
    public bool IsWanted => Skip is ResourceSkip.None or ResourceSkip.OverLinkLimit or ResourceSkip.TextDoesNotWait && Resource is not null;

    /// <summary>Whether a Link may name the resource.</summary>
    public bool IsLinkable => IsWanted && Skip != ResourceSkip.TextDoesNotWait;

    /// <summary>Creates the decision for a resource that the analysis left out.</summary>
    public static PlannedResource Of(SkippedResource skipped) =>
        new(skipped.Url, null, ResourceSkip.NotCritical) { LeftOut = skipped.Reason };
}
