namespace PushProxy.Load.Views;

/// <summary>What <c>views</c> was asked to do.</summary>
internal sealed record ViewsOptions
{
    /// <summary>The site; null: origin and proxy are started.</summary>
    public Uri? Url { get; init; }

    /// <summary>Pages, relative to the site.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    /// <summary>What visitors speak; several share the rate.</summary>
    public IReadOnlyList<VisitProtocol> Protocols { get; init; } = [];

    /// <summary>Views a second; 0: as fast as <see cref="Concurrency"/> visitors can.</summary>
    public double Rate { get; init; }

    /// <summary>The most views under way at once.</summary>
    public int Concurrency { get; init; }

    /// <summary>How long views begin.</summary>
    public int Seconds { get; init; }

    /// <summary>How long the same is done before, uncounted.</summary>
    public int WarmUp { get; init; }

    /// <summary>The share of views by visitors who have been here.</summary>
    public double Returning { get; init; }

    /// <summary>The share of views that are broken off.</summary>
    public double Cancelled { get; init; }

    /// <summary>Milliseconds the origin thinks before it answers with a page.</summary>
    public int Think { get; init; }

    /// <summary>Seed of all chance.</summary>
    public int Seed { get; init; }

    /// <summary>Seconds until a view has failed.</summary>
    public int Timeout { get; init; }

    /// <summary>Where the report goes.</summary>
    public string Folder { get; init; } = "";

    /// <summary>Certificates to trust, a PEM file.</summary>
    public string? Certificate { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool Insecure { get; init; }

    /// <summary>Processes whose processor time and memory are added up.</summary>
    public IReadOnlyList<int> Processes { get; init; } = [];

    /// <summary>Where a PushProxy's metrics are.</summary>
    public Uri? Metrics { get; init; }

    /// <summary>Whether the site is visited with delivery only, and not with delivery off beside it.</summary>
    public bool Alone { get; init; }

    /// <summary>Settings of the proxy that is started, each as <c>KEY=VALUE</c>.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];
}
