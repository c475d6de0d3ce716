using System.CommandLine;
using System.Globalization;
using PushProxy.Load.Soak.Verdict;
using PushProxy.Testing;

namespace PushProxy.Load.Soak;

/// <summary><c>soak</c>: mixed load with faults, beside stock YARP, and a verdict.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long, at least 0.5.", DefaultValueFactory = static _ => 30 };
        var views =
            new Option<double>("--views") { Description = "Page views a second through each proxy.", DefaultValueFactory = static _ => 6 };
        var pairs =
            new Option<double>("--pairs") { Description = "Pairs of single requests a second.", DefaultValueFactory = static _ => 8 };
        var json = new Option<FileInfo?>("--json") { Description = "Write the report to this file, too." };
        var log = new Option<FileInfo?>("--log") { Description = "Keep what PushProxy logs in this file." };
        minutes.Validators.Add(static result =>
        {
            if (result.GetValueOrDefault<double>() < SoakPlan.Shortest.TotalMinutes)
            {
                result.AddError("--minutes: at least 0.5, or not every fault would happen.");
            }
        });
        foreach (var rate in new[] { views, pairs })
        {
            rate.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<double>() is <= 0 or > 1000)
                {
                    result.AddError($"{rate.Name}: more than 0, at most 1000.");
                }
            });
        }

        var command = new Command(
            "soak", "Mixed load with faults, beside stock YARP: does PushProxy serve all that stock YARP serves, and keep its shape?")
        {
            minutes, views, pairs, json, log,
        };
        command.SetAction(async (result, cancellation) =>
        {
            ExternalTool.Require("node");
            ExternalTool.Require("redis-server");
            var run = new SoakRun(
                TimeSpan.FromMinutes(result.GetValue(minutes)),
                result.GetValue(views),
                result.GetValue(pairs),
                result.GetValue(log)?.FullName);
            SoakObservations seen;
            try
            {
                seen = await run.RunAsync(cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                Console.WriteLine("Interrupted.");
                return 1;
            }

            var checks = SoakVerdict.Of(seen);
            SoakReport.Print(checks);
            if (result.GetValue(json) is { } file)
            {
                await SoakReport.WriteAsync(file.FullName, seen, checks, cancellation);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Written to {file.FullName}"));
            }

            return checks.All(static c => c.Holds) ? 0 : 1;
        });
        return command;
    }
}
