using PushProxy.Inspection;
using PushProxy.Server.Dashboard.Figures;

namespace PushProxy.Server.Dashboard;

/// <summary>All that the page shows at one moment.</summary>
internal sealed record DashboardData
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>When counting began.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>The name of the machine, to tell instances apart.</summary>
    public string Instance { get; init; } = "";

    public string Version { get; init; } = "";

    /// <summary>The comparisons of the two arms (<see cref="KnownProof"/>).</summary>
    public IReadOnlyList<ProofGroup> Proof { get; init; } = [];

    /// <summary>The largest share of visitors, in percent, that any policy holds out; 0 if nothing is compared.</summary>
    public int HoldOut { get; init; }

    /// <summary>What was counted.</summary>
    public Counted Counted { get; init; } = Counted.Nothing;

    /// <summary>The known pages.</summary>
    public PageSurvey Pages { get; init; } = PageSurvey.Empty;

    /// <summary>What pages begin with for everyone, those compared most often first.</summary>
    public IReadOnlyList<KnownShell> Shells { get; init; } = [];

    /// <summary>What the store did, by route.</summary>
    public IReadOnlyList<RouteFigures> Routes { get; init; } = [];

    /// <summary>The origins.</summary>
    public IReadOnlyList<OriginHealth> Origins { get; init; } = [];

    /// <summary>Where instances share what they learn; null if they don't.</summary>
    public SharingState? Sharing { get; init; }

    /// <summary>Whether the program was told to stop.</summary>
    public bool IsStopping { get; init; }
}

/// <summary>What the store did for one route.</summary>
/// <param name="Name">The route.</param>
/// <param name="Answered">Requests that it answered, whether or not the origin had to be asked if that is still right.</param>
/// <param name="Forwarded">Requests that the origin answered.</param>
/// <param name="SavedBytes">Content that the origin did not send again.</param>
/// <param name="EncodingSavedBytes">What content codings took off what clients were sent.</param>
internal sealed record RouteFigures(string Name, long Answered, long Forwarded, long SavedBytes, long EncodingSavedBytes);

/// <summary>How many destinations of a cluster are not known to be down.</summary>
internal sealed record OriginHealth(string Cluster, int Healthy, int All);

/// <summary>Whether the place that instances share answers, and how many records wait for it.</summary>
internal sealed record SharingState(bool IsConnected, int Waiting);
