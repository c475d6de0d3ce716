using System.CommandLine;
using PushProxy.Load.Link;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.PageLoad;

/// <summary><c>pageload</c>: a page in real browsers at the far end of an emulated link, from several servers turn by turn.</summary>
internal static class PageLoadCommand
{
    public static Command Create()
    {
        var link = new LinkArguments();
        var think = Number("--think", "How long the origin takes before it sends the page, ms.", 200, 0);
        var runs = Number("--runs", "Loads of each target.", 7, 1);
        var prime = Number(
            "--prime", "Loads of each target before those, which do not count: PushProxy has to find out what a page needs.", 2, 0);
        var browser = new Option<string>("--browser")
        {
            Description = "system: Debian's Chromium, which takes 103; 103: Chromium 103, which takes pushes, too; or a path.",
            DefaultValueFactory = static _ => "system",
        };
        var modes = new Option<string>("--modes")
        {
            Description = "cold: a new profile; warm: the same again in a new process.",
            DefaultValueFactory = static _ => "cold,warm",
        };
        modes.AcceptOnlyFromAmong("cold", "cold,warm");
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report there." };
        var picture = new Option<FileInfo?>("--picture") { Description = "Also draw the medians there, as SVG." };
        var targets = new Argument<string[]>("target")
        {
            Description = "Which servers; the first is what the others are compared with.",
            DefaultValueFactory = static _ => Target.Usual,
        };
        targets.AcceptOnlyFromAmong([.. Target.All.Select(static t => t.Name)]);
        var command = new Command("pageload", "Page loads in a real browser over an emulated link.")
        {
            think, runs, prime, browser, modes, json, picture, targets,
        };
        link.AddTo(command);
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => Isolation.RunAsync(
            () => new PageLoadRun
            {
                Link = link.Read(result),
                Think = result.GetValue(think),
                Runs = result.GetValue(runs),
                Prime = result.GetValue(prime),
                Browser =
                    result.GetValue(browser)! switch { "system" => LoggedBrowser.Current, "103" => LoggedBrowser.Old, var path => path },
                Warm = result.GetValue(modes)!.EndsWith(PageLoader.Warm, StringComparison.Ordinal),
                Named = result.GetResult(targets) is { Implicit: false },
                Targets = [.. result.GetValue(targets)!.Distinct().Select(static n => Target.All.Single(t => t.Name == n))],
            }.RunAsync(result.GetValue(json), result.GetValue(picture), cancellation),
            cancellation)));
        return command;
    }

    private static Option<int> Number(string name, string description, int value, int least)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() < least)
            {
                result.AddError($"{name} is at least {least}.");
            }
        });
        return option;
    }
}
