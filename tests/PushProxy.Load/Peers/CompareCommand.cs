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
        var before = BeforeOption();
        var command = new Command("compare", "CPU per request, PushProxy beside stock YARP.") { requests, rounds, warmUps, json, before };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => new PeersRun
        {
            Only = [PeerCatalog.Ours.Name],
            Works = [Work.Asset, Work.Page, Work.Tagged],
            Requests = result.GetValue(requests),
            Rounds = result.GetValue(rounds),
            WarmUps = result.GetValue(warmUps),
            Before = result.GetValue(before),
        }.RunAsync(result.GetValue(json), cancellation)));
        return command;
    }

    /// <summary>Names another build to measure as well.</summary>
    public static Option<FileInfo> BeforeOption()
    {
        var before = new Option<FileInfo>("--before")
        {
            Description = "The pushproxy.dll of another build, measured as well: what has a change done?",
        };
        before.AcceptExistingOnly();
        return before;
    }
}
