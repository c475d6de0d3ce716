using System.CommandLine;
using System.Globalization;
using PushProxy.Load.Link;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.Proof;

/// <summary>
/// <c>proof</c>: does what the proxy finds by its hold-out agree with what browsers measure? Half of the visitors are held out, at the far
/// end of an emulated link.
/// </summary>
internal static class ProofCommand
{
    public static Command Create()
    {
        var link = new LinkArguments();
        var think = Number("--think", "How long the origin takes before it sends the page, ms.", 200);
        var loads = Number("--loads", "Loads in the browser.", 40);
        var seconds = Number("--seconds", "How long visitors of 'views' visit.", 60);
        var command = new Command("proof", "What the hold-out finds, beside what browsers measure.") { think, loads, seconds };
        link.AddTo(command);
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => Isolation.RunAsync(
            async () =>
            {
                var run = new ProofRun(
                    link.Read(result), result.GetValue(think), result.GetValue(loads), TimeSpan.FromSeconds(result.GetValue(seconds)),
                    LoggedBrowser.Current);
                var rows = await run.RunAsync(cancellation);
                Console.WriteLine("Medians, ms:");
                TextTable.Print(
                    ["", "delivered", "views", "held out", "views", "sooner by"],
                    rows.Select(static row => (string[])
                    [
                        row.What, Ms(row.Delivered), $"{row.DeliveredViews}", Ms(row.HeldOut), $"{row.HeldOutViews}",
                        Ms(row.HeldOut - row.Delivered),
                    ]),
                    Console.Out);
                return 0;
            },
            cancellation)));
        return command;
    }

    private static Option<int> Number(string name, string description, int value) =>
        new(name) { Description = description, DefaultValueFactory = _ => value };

    private static string Ms(double milliseconds) => milliseconds.ToString("0", CultureInfo.InvariantCulture);
}
