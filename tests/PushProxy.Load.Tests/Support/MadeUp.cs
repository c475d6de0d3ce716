using PushProxy.Load.Views;

namespace PushProxy.Load.Tests.Support;

/// <summary>Runs that never were.</summary>
internal static class MadeUp
{
    /// <summary>A report of a run on one site or two.</summary>
    public static ViewsReport Report(SiteResult site, SiteResult? off = null)
    {
        var (outcome, verdict) = Verdict.Of(site, off);
        return new()
        {
            Outcome = outcome,
            Verdict = verdict,
            Command = "views",
            Date = DateTimeOffset.UnixEpoch,
            Machine = new Machine(2, "model", 1, "system", "kernel", "runtime"),
            Pages = ["/one", "/two"],
            Options = new ViewsOptions { Protocols = [VisitProtocol.Http2] },
            Site = site,
            Off = off,
        };
    }

    /// <summary>A site, visited over HTTP/2 or as said.</summary>
    public static SiteResult Site(params IReadOnlyList<ProtocolRun> runs) =>
        new() { Url = new Uri("https://example.org/"), Runs = runs, Timeline = [] };

    /// <summary>First visits that finished, half of <c>/one</c> and half of <c>/two</c>, and views that came to other ends.</summary>
    public static ProtocolRun Run(
        int finished, double milliseconds = 100, int failed = 0, int late = 0, VisitProtocol protocol = VisitProtocol.Http2)
    {
        var (one, two) = (finished / 2, finished - (finished / 2));
        return new(protocol, new VisitResult
        {
            Seconds = 1,
            Counts = new()
            {
                Views = new() { Started = finished + failed, Finished = finished, Failed = failed, Late = late },
                Requests = new() { Sent = 6 * (finished + failed), Bytes = 1000 * finished },
            },
            All = Times(finished, milliseconds),
            First = Times(finished, milliseconds),
            Pages =
            [
                new() { Page = "https://example.org/one", First = Visits(one, milliseconds / 2) },
                new() { Page = "https://example.org/two", First = Visits(two, milliseconds) },
            ],
            Errors = failed > 0 ? new Dictionary<string, long> { ["status"] = failed } : new Dictionary<string, long>(),
        });
    }

    private static PageVisits Visits(int finished, double milliseconds) =>
        new() { Finished = finished, Requests = 6 * finished, Bytes = 1000 * finished, Times = Times(finished, milliseconds) };

    /// <summary>Half took the time, nine of ten twice as long, 99 of 100 three times, the longest four times.</summary>
    private static ViewLatencies Times(int views, double half)
    {
        var times = new Latency(views, half, 2 * half, 3 * half, 4 * half);
        return new() { FirstByte = times, Display = times, Complete = times };
    }
}
