using PushProxy.Analysis;
using PushProxy.Client.Pacing;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>One resource pushed to one client.</summary>
/// <param name="target">Path and query, as promised.</param>
/// <param name="resource">What it is.</param>
/// <param name="order">Its rank on its connection.</param>
/// <param name="state">What is known of it.</param>
internal sealed class PushedResource(string target, CriticalResource resource, PushOrder order, ResourceState? state)
{
    public string Target { get; } = target;

    public CriticalResource Resource { get; } = resource;

    public PushOrder Order { get; } = order;

    /// <summary>What is known of it; null when no learned page names it any more.</summary>
    public ResourceState? State { get; } = state;

    /// <summary>The path of the page it is pushed with; null when nothing is known of that.</summary>
    public LearnedPath? Page { get; init; }

    /// <summary>The version the response has; null before its head, and where it names none.</summary>
    public ResourceVersion? Version { get; set; }

    /// <summary>The hash of all that was sent, where the origin names no version; null where it does.</summary>
    public Func<UInt128?>? ContentHash { get; set; }

    /// <summary>How long the client may use the response.</summary>
    public Freshness Freshness { get; set; }
}
