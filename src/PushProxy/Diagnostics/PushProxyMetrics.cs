using System.Diagnostics.Metrics;
using PushProxy.Http2;
using PushProxy.Model;

namespace PushProxy.Diagnostics;

/// <summary>
/// Counts what the proxy does, under the meter <c>PushProxy</c>. Callers pass plain values, so the metrics depend on nothing else. The
/// values of tags are enum values written as words, so their number is bounded.
/// </summary>
internal sealed class PushProxyMetrics
{
    public const string MeterName = "PushProxy";

    // As the semantic conventions have them for durations of requests.
    private static readonly double[] s_seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];

    private readonly Counter<long> _pages;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _skipped;
    private readonly Counter<long> _wrong;
    private readonly Counter<long> _learned;
    private readonly Counter<long> _notLearned;
    private readonly Counter<long> _fetches;
    private readonly Counter<long> _ranOut;
    private readonly Counter<long> _errors;
    private readonly Counter<long> _pushes;
    private readonly Counter<long> _pushedBytes;
    private readonly Counter<long> _hints;
    private readonly Counter<long> _originHints;
    private readonly Counter<long> _notEarly;
    private readonly Counter<long> _shells;
    private readonly Counter<long> _saved;
    private readonly Counter<long> _wasted;
    private readonly Counter<long> _views;
    private readonly Histogram<double> _displayed;
    private readonly Histogram<double> _thinkTime;

    public PushProxyMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(MeterName);
        _pages = meter.CreateCounter<long>("pushproxy.pages", "{page}", "Pages that passed, by the source of what was known about them.");
        _sent = meter.CreateCounter<long>("pushproxy.resources.sent", "{resource}", "Resources delivered early, by channel.");
        _skipped = meter.CreateCounter<long>("pushproxy.resources.skipped", "{resource}", "Resources not delivered early, by reason.");
        _wrong = meter.CreateCounter<long>(
            "pushproxy.resources.wrong", "{resource}", "Resources told in advance that the page then did not name, by channel.");
        _learned = meter.CreateCounter<long>("pushproxy.learning.analysed", "{page}", "Analysed pages, by outcome.");
        _notLearned = meter.CreateCounter<long>("pushproxy.learning.skipped", "{page}", "Pages not learned, by reason.");
        _fetches = meter.CreateCounter<long>(
            "pushproxy.learning.fetches", "{request}", "Requests that the proxy made itself to learn, by outcome.");
        _ranOut = meter.CreateCounter<long>(
            "pushproxy.learning.ran_out", "{page}", "Analyses that ended early because their budget was used up, by cost.");
        _errors = meter.CreateCounter<long>(
            "pushproxy.errors", "{error}", "Errors that lost an optimisation but failed no request, by stage.");
        _pushes = meter.CreateCounter<long>("pushproxy.pushes", "{push}", "Pushes that have ended, by how they ended.");
        _pushedBytes = meter.CreateCounter<long>(
            "pushproxy.pushes.bytes", "By", "Content of pushed responses, by how the push ended.");
        _hints = meter.CreateCounter<long>("pushproxy.early_hints", "{response}", "103 responses, by whether they were sent.");
        _originHints = meter.CreateCounter<long>(
            "pushproxy.origin_hints", "{response}", "103 responses of origins that had news for clients, by whether they were passed on.");
        _notEarly = meter.CreateCounter<long>(
            "pushproxy.early.skipped", "{page}", "Pages for which nothing was delivered before the origin was asked, by reason.");
        _shells = meter.CreateCounter<long>(
            "pushproxy.shells", "{page}", "Pages compared with their shells, by what differed and whether the shell was sent.");
        _saved = meter.CreateCounter<long>(
            "pushproxy.saved", "By", "Content not delivered because the client has it, by evidence.");
        _wasted = meter.CreateCounter<long>(
            "pushproxy.wasted", "By", "Content pushed for nothing: the client reset the push or requested the resource anyway.");
        _views = meter.CreateCounter<long>(
            "pushproxy.views", "{view}", "Page views of visitors that are compared, by arm, by whether they were measured, and reloads.");
        _displayed = meter.CreateHistogram(
            "pushproxy.view.display", "s", "Time from a page's request until nothing that blocks its display is missing, by arm.",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [.05, .1, .2, .3, .5, .75, 1, 1.5, 2, 3, 5, 10] });
        _thinkTime = meter.CreateHistogram(
            "pushproxy.origin.think_time", "s", "Time from the request for a page to the head of the origin's answer, by route.", null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = s_seconds });
        Meter = meter;
    }

    public Meter Meter { get; }

    /// <summary>Adds a gauge. Its value is read only when somebody collects the metrics.</summary>
    public void Watch(string name, string unit, string description, Func<long> read) =>
        Meter.CreateObservableGauge(name, read, unit, description);

    public void Page(PageSource source) => _pages.Add(1, new KeyValuePair<string, object?>("source", source.Name()));

    public void ThinkTime(string route, TimeSpan time) =>
        _thinkTime.Record(time.TotalSeconds, new KeyValuePair<string, object?>("route", route));

    public void Sent(DeliveryChannel channel, int count)
    {
        if (count > 0)
        {
            _sent.Add(count, new KeyValuePair<string, object?>("channel", channel.Name()));
        }
    }

    public void Wrong(DeliveryChannel channel, int count) =>
        _wrong.Add(count, new KeyValuePair<string, object?>("channel", channel.Name()));

    public void PushEnded(PushFate fate, long bytes)
    {
        var tag = new KeyValuePair<string, object?>("fate", fate.Name());
        _pushes.Add(1, tag);
        if (bytes > 0)
        {
            _pushedBytes.Add(bytes, tag);
        }
    }

    public void NotEarly(string reason) => _notEarly.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Shell(ShellFault fault, bool isSent) => _shells.Add(
        1, new KeyValuePair<string, object?>("fault", fault.Name()), new KeyValuePair<string, object?>("sent", isSent));

    public void Saved(CacheEvidence evidence, long bytes) =>
        _saved.Add(bytes, new KeyValuePair<string, object?>("evidence", evidence.Name()));

    public void Wasted(long bytes)
    {
        if (bytes > 0)
        {
            _wasted.Add(bytes);
        }
    }

    public void EarlyHints(InformationalOutcome outcome) => _hints.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void OriginHints(InformationalOutcome outcome) =>
        _originHints.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void Skipped(string reason, int count) => _skipped.Add(count, new KeyValuePair<string, object?>("reason", reason));

    public void Learned(LearnOutcome outcome) => _learned.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void RanOut(string cost) => _ranOut.Add(1, new KeyValuePair<string, object?>("cost", cost));

    public void NotLearned(PageSkip reason) => _notLearned.Add(1, new KeyValuePair<string, object?>("reason", reason.Name()));

    public void Fetched(FetchOutcome outcome) => _fetches.Add(1, new KeyValuePair<string, object?>("outcome", outcome.Name()));

    public void View(Arm arm, string outcome, bool isReload) => _views.Add(
        1, new KeyValuePair<string, object?>("arm", arm.Name()), new KeyValuePair<string, object?>("outcome", outcome),
        new KeyValuePair<string, object?>("reload", isReload));

    public void Displayed(Arm arm, TimeSpan time) =>
        _displayed.Record(time.TotalSeconds, new KeyValuePair<string, object?>("arm", arm.Name()));

    public void Error(ErrorStage stage) => _errors.Add(1, new KeyValuePair<string, object?>("stage", stage.Name()));
}
