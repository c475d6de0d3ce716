using System.CommandLine;

namespace PushProxy.Load.Peers;

/// <summary>
/// <c>compare</c>: PushProxy beside stock YARP alone, request by request: what <see cref="PeersCommand"/> measures, with a page of each
/// kind.
/// </summary>
internal static class CompareCommand
{
    public static Command Create()
    {
        var requests = new Option<int>("--requests") { Description = "Requests a run.", DefaultValueFactory = static _ => 20_000 };
        var rounds = new Option<int>("--rounds") { Description = "Pairs of runs.", DefaultValueFactory = static _ => 9 };
        var warmUps = new Option<int?>("--warm-ups") { Description = "Runs of each that do not count. Default: what each needs." };
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report there." };
        var command = new Command("compare", "CPU per request, PushProxy beside stock YARP.") { requests, rounds, warmUps, json };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => new PeersRun
        {
            Only = [PeerCatalog.Ours.Name],
            Works = [Work.Asset, Work.Page, Work.Tagged],
            Requests = result.GetValue(requests),
            Rounds = result.GetValue(rounds),
            WarmUps = result.GetValue(warmUps),
        }.RunAsync(result.GetValue(json), cancellation)));
        return command;
    }
}
