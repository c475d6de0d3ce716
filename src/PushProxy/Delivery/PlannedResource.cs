using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Delivery;

/// <summary>The decision on one resource: it may be delivered when <see cref="Skip"/> is <see cref="ResourceSkip.None"/>.</summary>
/// <param name="Url">Absolute where one could be made of it.</param>
/// <param name="Resource">What it is; null when the analysis left it out.</param>
/// <param name="Skip">Why it is not delivered.</param>
internal readonly record struct PlannedResource(string Url, CriticalResource? Resource, ResourceSkip Skip)
{
    /// <summary>Why the analysis left it out; null when it did not.</summary>
    public AnalysisSkip? LeftOut { get; private init; }

    /// <summary>Its link value; null when it is not delivered by Link.</summary>
    public string? Link { get; init; }

    /// <summary>What is known of it; null where no learned page names it.</summary>
    public ResourceState? State { get; init; }

    /// <summary>The reason as it is written: the analysis' own, or that of the plan.</summary>
    public string Reason => LeftOut?.Name() ?? Skip.Name();

    /// <summary>Whether it is needed on every screen: only then may it be pushed or hinted before the document says more.</summary>
    public bool IsUnconditional => Resource is { Media: null, ImageSrcSet: null };

    /// <summary>Whether it may be delivered: by push also where Link has no room for it.</summary>
    public bool IsWanted => Skip is ResourceSkip.None or ResourceSkip.OverLinkLimit or ResourceSkip.TextDoesNotWait && Resource is not null;

    /// <summary>Whether it may be named in a Link.</summary>
    public bool IsLinkable => IsWanted && Skip != ResourceSkip.TextDoesNotWait;

    /// <summary>A resource that the analysis left out.</summary>
    public static PlannedResource Of(SkippedResource skipped) =>
        new(skipped.Url, null, ResourceSkip.NotCritical) { LeftOut = skipped.Reason };
}
