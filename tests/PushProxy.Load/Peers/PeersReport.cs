using System.Text.Encodings.Web;
using System.Text.Json;

namespace PushProxy.Load.Peers;

/// <summary>What a side by side came to; its JSON.</summary>
/// <param name="Date">When it began, UTC.</param>
/// <param name="Machine">System and processors.</param>
/// <param name="Rounds">Turns of each peer.</param>
/// <param name="Versions">By peer, as each tells its own.</param>
/// <param name="Works">In order.</param>
/// <param name="NotMeasured">Peers that are not installed.</param>
internal sealed record PeersReport(
    DateTimeOffset Date, string Machine, int Rounds, IReadOnlyDictionary<string, string> Versions, IReadOnlyList<WorkReport> Works,
    IReadOnlyList<NotMeasured> NotMeasured)
{
    private static readonly JsonSerializerOptions Json =
        new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Task WriteAsync(string file, CancellationToken cancellation) =>
        File.WriteAllTextAsync(file, JsonSerializer.Serialize(this, Json) + "\n", cancellation);
}

/// <summary>A peer that is not there.</summary>
/// <param name="Peer">Its name.</param>
/// <param name="Package">What brings it.</param>
/// <param name="Reason">For people.</param>
internal sealed record NotMeasured(string Peer, string Package, string Reason);

/// <summary>One piece of work.</summary>
internal sealed record WorkReport(string Work, string What, int UnitsPerRun, IReadOnlyList<PeerFigures> Peers)
{
    /// <summary>Our CPU time to that of the other build, round by round; null: there was none.</summary>
    public Figure? ToBefore => Rounds(PeerCatalog.BeforeName) is { } before && Rounds(PeerCatalog.Ours.Name) is { } ours
        ? Figure.Of(ours.Zip(before, static (a, b) => a / b)) : null;

    private IReadOnlyList<double>? Rounds(string peer) => Peers.SingleOrDefault(p => p.Peer == peer)?.CpuMicrosecondsByRound;

    /// <summary>Prints its table.</summary>
    public void Print(TextWriter output)
    {
        output.WriteLine($"{"",-12} {"CPU µs each",-24} {"ratio to stock YARP",-24} {"a second",-24} {"memory MiB",10} {"after",7}");
        foreach (var peer in Peers)
        {
            output.WriteLine(
                $"{peer.Title,-12} {peer.CpuMicroseconds.ToString("0.0"),-24} {peer.CpuRatioToStock.ToString("0.000"),-24} "
                + $"{peer.RatePerSecond.ToString("0"),-24} "
                + $"{peer.PeakMemoryMiB,10:0} {peer.ResidentAfterMiB,7:0}");
        }

        if (ToBefore is { } ratio)
        {
            output.WriteLine($"{PeerCatalog.Ours.Title} to the build before, median of the rounds: {ratio.ToString("0.000")}");
        }
    }
}

/// <summary>What one peer took for one piece of work.</summary>
/// <param name="Peer">Its name.</param>
/// <param name="Title">Its name for people.</param>
/// <param name="CpuMicroseconds">User and system time of all its processes, a request or view.</param>
/// <param name="RatePerSecond">Requests or views a second.</param>
/// <param name="CpuRatioToStock">Of each turn's time to that of stock YARP in the same round.</param>
/// <param name="PeakMemoryMiB">The highest sum of its processes' PSS, looked at four times a second.</param>
/// <param name="ResidentAfterMiB">The sum of its processes' RSS after the last round.</param>
/// <param name="CpuMicrosecondsByRound">What the median is of.</param>
internal sealed record PeerFigures(
    string Peer, string Title, Figure CpuMicroseconds, Figure RatePerSecond, Figure CpuRatioToStock, double PeakMemoryMiB,
    double ResidentAfterMiB, IReadOnlyList<double> CpuMicrosecondsByRound);
