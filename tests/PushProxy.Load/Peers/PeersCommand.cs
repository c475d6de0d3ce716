using System.CommandLine;

namespace PushProxy.Load.Peers;

/// <summary>
/// <c>peers</c>: PushProxy, stock YARP and the servers Debian has, before the same origin, with the same certificate, given the same work
/// turn by turn. The server that works has one processor, load generator and origin the others.
/// </summary>
internal static class PeersCommand
{
    public static Command Create()
    {
        var only = new Option<string[]>("--only")
        {
            Description = "Measure only these, beside stock YARP.",
            AllowMultipleArgumentsPerToken = true,
        };
        only.AcceptOnlyFromAmong([.. PeerCatalog.All.Select(static p => p.Name)]);
        var work = new Option<string>("--work")
        {
            Description = "What they do, separated by commas. Forwarding: asset, page, document (the page as browsers ask for it), "
                + "tagged (with an ETag), view. With store and compression: stored (an asset), visit (a page view), visit-103 (by browsers that take no pushes).",
            DefaultValueFactory = static _ => "asset,page,view,stored,visit",
        };
        var requests = new Option<int>("--requests") { Description = "Requests a run.", DefaultValueFactory = static _ => 20_000 };
        var views = new Option<int>("--views") { Description = "Page views a run.", DefaultValueFactory = static _ => 300 };
        var rounds = new Option<int>("--rounds") { Description = "Turns of each peer.", DefaultValueFactory = static _ => 9 };
        var warmUps = new Option<int?>("--warm-ups") { Description = "Runs of each peer that do not count. Default: what each needs." };
        var before = CompareCommand.BeforeOption();
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report there." };
        var command = new Command(
            "peers", "CPU, rate and memory, beside stock YARP, nginx with and without a cache, HAProxy, h2o, Apache and Caddy.")
        {
            only, work, requests, views, rounds, warmUps, before, json,
        };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => new PeersRun
        {
            Only = result.GetValue(only) is { Length: > 0 } names ? names : null,
            Works = result.GetValue(work)!.Split(','),
            Requests = result.GetValue(requests),
            Views = result.GetValue(views),
            Rounds = result.GetValue(rounds),
            WarmUps = result.GetValue(warmUps),
            Before = result.GetValue(before),
        }.RunAsync(result.GetValue(json), cancellation)));
        return command;
    }
}
