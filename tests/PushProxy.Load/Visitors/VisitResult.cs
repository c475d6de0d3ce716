namespace PushProxy.Load;

/// <summary>What came to pass in one second.</summary>
internal sealed record VisitTick
{
    /// <summary>Seconds since the start.</summary>
    public double Seconds { get; init; }

    /// <summary>Views under way.</summary>
    public long UnderWay { get; init; }

    /// <summary>Counted in this second.</summary>
    public VisitCounts Counts { get; init; } = new();

    /// <summary>Of the views that finished in this second: until the page's first byte.</summary>
    public Latency FirstByte { get; init; } = new();

    /// <summary>Until all is there that the display waits for.</summary>
    public Latency Display { get; init; } = new();

    /// <summary>Until everything is there.</summary>
    public Latency Complete { get; init; } = new();
}

/// <summary>What all visits came to.</summary>
internal sealed record VisitResult
{
    /// <summary>From the first view's start to the last one's end.</summary>
    public double Seconds { get; init; }

    /// <summary>Counted in all.</summary>
    public VisitCounts Counts { get; init; } = new();

    /// <summary>Times of all finished views.</summary>
    public ViewLatencies All { get; init; } = new();

    /// <summary>Times of those by visitors who had never been here.</summary>
    public ViewLatencies First { get; init; } = new();

    /// <summary>Times of those by visitors who had.</summary>
    public ViewLatencies Returning { get; init; } = new();

    /// <summary>What the views of each page came to, in the order of the plan's pages.</summary>
    public IReadOnlyList<PageResult> Pages { get; init; } = [];

    /// <summary>Answers to requests by status.</summary>
    public IReadOnlyDictionary<string, long> Status { get; init; } = new Dictionary<string, long>();

    /// <summary>
    /// Errors by kind: <c>status</c> (400 and above), <c>connect</c>, <c>tls</c>, <c>lost</c> (a connection), <c>reset</c> (a stream),
    /// <c>truncated</c> (a body), <c>timeout</c>, <c>protocol</c>, <c>redirect</c> (to another site, or too many).
    /// </summary>
    public IReadOnlyDictionary<string, long> Errors { get; init; } = new Dictionary<string, long>();

    /// <summary>The first errors.</summary>
    public IReadOnlyList<VisitError> Samples { get; init; } = [];

    /// <summary>How busy the visitors themselves were.</summary>
    public DriverLoad Driver { get; init; } = new();
}

/// <summary>Times of views, in milliseconds from when the view was due.</summary>
internal sealed record ViewLatencies
{
    /// <summary>Until the header fields of the page were there. Pages out of the visitor's cache are not counted.</summary>
    public Latency FirstByte { get; init; } = new();

    /// <summary>Until the page's head and the stylesheets and scripts in it that block its display were there.</summary>
    public Latency Display { get; init; } = new();

    /// <summary>Until everything was there.</summary>
    public Latency Complete { get; init; } = new();
}

/// <summary>One thing that went wrong.</summary>
/// <param name="Time">When.</param>
/// <param name="Seconds">Seconds since the start.</param>
/// <param name="Kind">See <see cref="VisitResult.Errors"/>.</param>
/// <param name="Url">What was asked for.</param>
/// <param name="What">In the client's words.</param>
internal sealed record VisitError(DateTimeOffset Time, double Seconds, string Kind, string Url, string What);

/// <summary>How busy the visitors' process was. If it was the bottleneck, times say nothing about the server.</summary>
/// <param name="CpuSeconds">Its processor time.</param>
/// <param name="DelayP99">What 99 of 100 of its own timers were late at most, in milliseconds, on top of the 10 ms they ask for.</param>
internal sealed record DriverLoad(double CpuSeconds = 0, double DelayP99 = 0);
