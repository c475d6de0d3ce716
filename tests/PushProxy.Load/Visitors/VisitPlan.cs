namespace PushProxy.Load;

/// <summary>What visitors speak.</summary>
internal enum VisitProtocol
{
    /// <summary>HTTP/1.1 over six connections.</summary>
    Http1,

    /// <summary>HTTP/2 with pushes refused, as browsers do today; 103 responses are heeded.</summary>
    Http2,

    /// <summary>HTTP/2 with pushes taken, as Chromium did until version 105.</summary>
    Push,
}

/// <summary>Who visits a site, how often and how.</summary>
internal sealed record VisitPlan
{
    /// <summary>The site. Only what has its scheme, host and port is asked for.</summary>
    public required Uri Url { get; init; }

    /// <summary>
    /// The port to connect to, if it is not that of <see cref="Url"/>: several instances of a site have one name, and a port each.
    /// </summary>
    public int? Port { get; init; }

    /// <summary>Pages, relative to <see cref="Url"/>; each view is of one of them by chance. Empty: <see cref="Url"/> itself.</summary>
    public IReadOnlyList<string> Pages { get; init; } = [];

    /// <summary>What visitors speak.</summary>
    public VisitProtocol Protocol { get; init; } = VisitProtocol.Http2;

    /// <summary>
    /// Views a second: each begins when it is due, whether or not earlier ones have ended. Null: each of <see cref="Concurrency"/>
    /// visitors begins the next view when the last has ended.
    /// </summary>
    public double? Rate { get; init; }

    /// <summary>The most views under way at once. What is due and finds no room is counted as late and not made up for.</summary>
    public int Concurrency { get; init; } = 64;

    /// <summary>How long views begin. Those under way then come to their end.</summary>
    public TimeSpan? Duration { get; init; }

    /// <summary>How many views there are.</summary>
    public int? Views { get; init; }

    /// <summary>
    /// The share of views made by visitors who have been here and have kept cache and cookies; half of them come on a new connection.
    /// </summary>
    public double Returning { get; init; }

    /// <summary>
    /// The share of views broken off at a random moment, half of them by closing the connection, half by resetting what is under way.
    /// </summary>
    public double Cancelled { get; init; }

    /// <summary>Certificates to trust, a PEM file. Null: those the system's Node trusts.</summary>
    public string? Certificate { get; init; }

    /// <summary>Whether any certificate will do.</summary>
    public bool Insecure { get; init; }

    /// <summary>The processors the visitors may use, as taskset has them. Null: all.</summary>
    public string? Processors { get; init; }

    /// <summary>What stands before the command, so that the visitors are somewhere else.</summary>
    public IReadOnlyList<string> Place { get; init; } = [];

    /// <summary>How many kinds of browsers the visitors have: the nth visitor's says which in its <c>User-Agent</c>.</summary>
    public int Browsers { get; init; } = 1;

    /// <summary>The same seed gives the same choices.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When views begin, so that several visitors' processes begin together or take turns. Null: at once.</summary>
    public DateTimeOffset? Start { get; init; }

    /// <summary>A view that is not complete by then has failed.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);
}
