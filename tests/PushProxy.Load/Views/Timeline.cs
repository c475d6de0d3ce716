namespace PushProxy.Load.Views;

/// <summary>
/// What happened in each second: of all visitors together, and of the server's processes. Visitors of several protocols are processes of
/// their own that start at the same time; a second is over when all of them have told of theirs.
/// </summary>
/// <param name="protocols">Whose ticks are to come.</param>
/// <param name="watch">The server's processes.</param>
/// <param name="told">Told of each second when it is over.</param>
internal sealed class Timeline(IReadOnlyList<VisitProtocol> protocols, ProcessWatch watch, Action<TimelinePoint> told)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<VisitProtocol, List<VisitTick>> _ticks = protocols.ToDictionary(
        static p => p, static _ => new List<VisitTick>());
    private readonly HashSet<VisitProtocol> _ended = [];
    private readonly List<TimelinePoint> _points = [];

    /// <summary>All seconds so far.</summary>
    public IReadOnlyList<TimelinePoint> Points => _points;

    /// <summary>Where visitors of a protocol tell.</summary>
    public IProgress<VisitTick> Of(VisitProtocol protocol) => new Ticks(tick => Advance(() => _ticks[protocol].Add(tick)));

    /// <summary>No more will come of a protocol.</summary>
    public void End(VisitProtocol protocol) => Advance(() => _ended.Add(protocol));

    private void Advance(Action change)
    {
        lock (_lock)
        {
            change();
            while (
                _ticks.All(t => t.Value.Count > _points.Count || _ended.Contains(t.Key)) && _ticks.Values.Any(t => t.Count > _points.Count))
            {
                _points.Add(Point(_points.Count));
                told(_points[^1]);
            }
        }
    }

    private TimelinePoint Point(int second)
    {
        var ticks = _ticks.Where(t => t.Value.Count > second).ToDictionary(static t => t.Key, t => t.Value[second]);
        var counts = ticks.Values.Select(static t => t.Counts).ToList();
        var seconds = ticks.Values.Max(static t => t.Seconds);
        var length = seconds - (second > 0 ? _points[second - 1].Seconds : 0);
        // What is left at the end is too short to say anything of the processor.
        var sample = length < 0.5 ? null : watch.Sample();
        return new TimelinePoint
        {
            Seconds = seconds,
            Length = length,
            Started = counts.Sum(static c => c.Views.Started),
            Finished = counts.Sum(static c => c.Views.Finished),
            Failed = counts.Sum(static c => c.Views.Failed),
            Cancelled = counts.Sum(static c => c.Views.Cancelled),
            Late = counts.Sum(static c => c.Views.Late),
            UnderWay = ticks.Values.Sum(static t => t.UnderWay),
            Requests = counts.Sum(static c => c.Requests.Sent),
            Bytes = counts.Sum(static c => c.Requests.Bytes + c.Pushes.UsedBytes + c.Pushes.WastedBytes),
            Errors = counts.Sum(static c => c.Errors),
            PushesUsed = counts.Sum(static c => c.Pushes.Used),
            PushesWasted = counts.Sum(static c => c.Pushes.Cancelled + c.Pushes.Unused + c.Pushes.Failed + c.Pushes.Abandoned),
            HintsUsed = counts.Sum(static c => c.EarlyHints.Used + c.Links.Used),
            HintsWasted = counts.Sum(static c =>
                c.EarlyHints.Unused + c.EarlyHints.Cached + c.EarlyHints.Abandoned + c.Links.Unused + c.Links.Cached + c.Links.Abandoned),
            CpuPercent = sample?.CpuPercent,
            MemoryMiB = sample?.MemoryMiB,
            Times = ticks.ToDictionary(
                static t => t.Key,
                static t => new ViewLatencies { FirstByte = t.Value.FirstByte, Display = t.Value.Display, Complete = t.Value.Complete }),
        };
    }

    private sealed class Ticks(Action<VisitTick> told) : IProgress<VisitTick>
    {
        public void Report(VisitTick value) => told(value);
    }
}

/// <summary>One second of a run. Counts are of that second.</summary>
internal sealed record TimelinePoint
{
    /// <summary>When it ended, in seconds since the start.</summary>
    public double Seconds { get; init; }

    /// <summary>How long it was; the last one is shorter.</summary>
    public double Length { get; init; }

    /// <summary>Views begun.</summary>
    public long Started { get; init; }

    /// <summary>Views complete without an error.</summary>
    public long Finished { get; init; }

    /// <summary>Views with an error.</summary>
    public long Failed { get; init; }

    /// <summary>Views broken off as planned.</summary>
    public long Cancelled { get; init; }

    /// <summary>Views due that found no room.</summary>
    public long Late { get; init; }

    /// <summary>Views under way at its end.</summary>
    public long UnderWay { get; init; }

    /// <summary>Requests sent.</summary>
    public long Requests { get; init; }

    /// <summary>Bytes of bodies that came, pushed ones included.</summary>
    public long Bytes { get; init; }

    /// <summary>Errors.</summary>
    public long Errors { get; init; }

    /// <summary>Pushes taken instead of a request.</summary>
    public long PushesUsed { get; init; }

    /// <summary>Pushes that were no use.</summary>
    public long PushesWasted { get; init; }

    /// <summary>Resources named in advance that were needed.</summary>
    public long HintsUsed { get; init; }

    /// <summary>Resources named in advance that were no use.</summary>
    public long HintsWasted { get; init; }

    /// <summary>Processor time of the server, in percent of one processor.</summary>
    public double? CpuPercent { get; init; }

    /// <summary>Resident memory of the server.</summary>
    public double? MemoryMiB { get; init; }

    /// <summary>Times of the views that finished, by protocol.</summary>
    public IReadOnlyDictionary<VisitProtocol, ViewLatencies> Times { get; init; } = new Dictionary<VisitProtocol, ViewLatencies>();
}
