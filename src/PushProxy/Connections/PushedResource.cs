using PushProxy.Analysis;

namespace PushProxy.Connections;

/// <summary>One resource pushed to one client.</summary>
/// <param name="target">Path and query, as promised.</param>
/// <param name="resource">What it is.</param>
/// <param name="order">Its rank on its connection.</param>
internal sealed class PushedResource(string target, CriticalResource resource, PushOrder order)
{
    public string Target { get; } = target;

    public CriticalResource Resource { get; } = resource;

    public PushOrder Order { get; } = order;
}
