using System.Diagnostics;

namespace PushProxy.Load.Soak.Watching;

/// <summary>What the proxy still has open once everybody is gone.</summary>
/// <param name="Connections">Client connections that Kestrel has open.</param>
/// <param name="Requests">Requests under way, pushed ones among them: over HTTP/2, streams.</param>
/// <param name="Forwarded">Requests to the origin under way.</param>
/// <param name="Before">Descriptors before the load.</param>
/// <param name="After">Descriptors now.</param>
/// <param name="Waited">How long it took to get there, or how long was waited for it in vain.</param>
internal sealed record Accounting(long Connections, long Requests, long Forwarded, Descriptors Before, Descriptors After, TimeSpan Waited)
{
    /// <summary>
    /// How long the proxy has to close what has lost its other end: its client for the origin looks for dead connections every 15 s or
    /// so.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Descriptors of the runtime's own that may come with load (a queue of events for a processor, a file) and do not grow.
    /// </summary>
    public const int Spare = 8;

    /// <summary>Whether nothing is left over.</summary>
    public bool IsSettled =>
        Connections == 0 && Requests == 0 && Forwarded == 0 && After.Clients == 0 && After.Origin == 0
        && After.OtherSockets <= Before.OtherSockets && After.NoSockets <= Before.NoSockets + Spare;

    /// <summary>Of a proxy that has ended: nothing is open, and that is told elsewhere.</summary>
    public static Accounting Nothing(Descriptors before) => new(0, 0, 0, before, new Descriptors(0, 0, 0, 0, 0), TimeSpan.Zero);

    /// <summary>Looks again and again until nothing is left over, or patience ends.</summary>
    /// <param name="process">The proxy; all its clients are gone, and so is the origin.</param>
    /// <param name="originPort">Where the origin was.</param>
    /// <param name="before">Descriptors before the load.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public static async Task<Accounting> SettleAsync(
        WatchedProcess process, int originPort, Descriptors before, CancellationToken cancellation)
    {
        for (var start = Stopwatch.GetTimestamp(); ; await Task.Delay(500, cancellation))
        {
            var inside = await process.AskAsync(collect: false, cancellation);
            var now = new Accounting(
                inside.Gauge("kestrel.active_connections:" + process.Url.Port),
                inside.Gauge("http.server.active_requests"),
                inside.Gauge("http.client.active_requests"),
                before,
                process.OpenDescriptors(originPort),
                Stopwatch.GetElapsedTime(start));
            if (now.IsSettled || now.Waited > Patience)
            {
                return now;
            }
        }
    }
}
