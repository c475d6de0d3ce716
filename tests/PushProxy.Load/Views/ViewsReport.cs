using System.Text.Json;
using System.Text.Json.Serialization;
using PushProxy.Load.Site;

namespace PushProxy.Load.Views;

/// <summary>What <c>views</c> reports: <c>report.json</c> is this, and <c>report.html</c> shows it.</summary>
internal sealed record ViewsReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>Whether every view was begun when it was due and none failed, and whether there were enough of them to say so.</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>What came of it, in a sentence.</summary>
    public required string Verdict { get; init; }

    /// <summary>What else a reader should know before believing the figures.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The command that was given.</summary>
    public required string Command { get; init; }

    /// <summary>When it was given.</summary>
    public required DateTimeOffset Date { get; init; }

    /// <summary>What it ran on.</summary>
    public required Machine Machine { get; init; }

    /// <summary>The pages viewed.</summary>
    public required IReadOnlyList<string> Pages { get; init; }

    /// <summary>What was asked for.</summary>
    public required ViewsOptions Options { get; init; }

    /// <summary>The site, with delivery as it is.</summary>
    public required SiteResult Site { get; init; }

    /// <summary>The same with delivery off, visited in turn; null if it was not.</summary>
    public SiteResult? Off { get; init; }

    /// <summary>Both side by side, as a whole and by page.</summary>
    public SideBySide SideBySide => SideBySide.Of(Pages, Site, Off);

    /// <summary>The report as JSON.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>Reads one back.</summary>
    public static ViewsReport FromJson(string json) => JsonSerializer.Deserialize<ViewsReport>(json, Json)!;
}

/// <summary>What came of visiting one site.</summary>
internal sealed record SiteResult
{
    /// <summary>The site.</summary>
    public required Uri Url { get; init; }

    /// <summary>What visitors of each protocol saw.</summary>
    public required IReadOnlyList<ProtocolRun> Runs { get; init; }

    /// <summary>What the server's processes took; null if they are not known.</summary>
    public ServerCost? Server { get; init; }

    /// <summary>What the proxy counted itself, if it tells.</summary>
    public IReadOnlyList<ProxyCount> ProxyCounters { get; init; } = [];

    /// <summary>What reached the origin; null if it does not tell.</summary>
    public OriginCounts? Origin { get; init; }

    /// <summary>Second by second.</summary>
    public required IReadOnlyList<TimelinePoint> Timeline { get; init; }

    /// <summary>Whether the server's process ended during the run.</summary>
    public bool ServerEnded { get; init; }

    /// <summary>Views that finished or failed: what costs are divided by.</summary>
    [JsonIgnore]
    public long Ended => Total(static c => c.Views.Finished + c.Views.Failed);

    /// <summary>A figure added up over all protocols.</summary>
    public long Total(Func<VisitCounts, long> figure) => Runs.Sum(r => figure(r.Result.Counts));
}

/// <summary>What visitors of one protocol saw.</summary>
/// <param name="Protocol">What they spoke.</param>
/// <param name="Result">All of it.</param>
internal sealed record ProtocolRun(VisitProtocol Protocol, VisitResult Result);

/// <summary>What the server's processes took.</summary>
/// <param name="CpuSeconds">Processor time.</param>
/// <param name="CpuMillisecondsPerView">Processor time for each view that finished or failed, in milliseconds.</param>
/// <param name="PeakMemoryMiB">The most memory resident, looked at each second.</param>
internal sealed record ServerCost(double CpuSeconds, double CpuMillisecondsPerView, double PeakMemoryMiB);
