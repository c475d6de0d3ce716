using PushProxy.Load.Origin;
using PushProxy.Load.Peers;

namespace PushProxy.Load.PageLoad;

/// <summary>A server whose page loads are measured.</summary>
/// <param name="Name">On the command line and in reports.</param>
/// <param name="Title">In tables.</param>
/// <param name="Server">What it is.</param>
/// <param name="Early">What it is told to deliver early; null: nothing.</param>
internal sealed record Target(string Name, string Title, Peer Server, EarlyResources? Early)
{
    // An upper bound for one that has to find it out: what an operator lists who knows this page.
    private static readonly EarlyResources ByHand = new(ShopPage.Path, ShopPage.Blocking);

    /// <summary>All there are.</summary>
    public static readonly IReadOnlyList<Target> All =
    [
        .. PeerCatalog.All.Select(static p => new Target(p.Name, p.Title, p, null)),
        new(PeerCatalog.Shells.Name, PeerCatalog.Shells.Title, PeerCatalog.Shells, null),
        new("haproxy-103", "HAProxy, 103 by hand", PeerCatalog.HAProxy, ByHand),
        new("h2o-push", "h2o, push by hand", PeerCatalog.H2O, ByHand),
        new("caddy-push", "Caddy, push by hand", PeerCatalog.Caddy, ByHand),
    ];

    /// <summary>Those of the tables in docs/performance.md.</summary>
    public static readonly string[] Usual = ["nginx", "nginx-cache", "yarp", "h2o-push", "caddy-push", "haproxy-103", "pushproxy"];
}
