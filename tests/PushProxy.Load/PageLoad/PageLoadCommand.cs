using System.CommandLine;
using System.CommandLine.Parsing;
using PushProxy.Load.Link;
using PushProxy.Load.Peers;
using PushProxy.Testing.Browsers;

namespace PushProxy.Load.PageLoad;

/// <summary><c>pageload</c>: a page in real browsers at the far end of an emulated link, from several servers turn by turn.</summary>
internal static class PageLoadCommand
{
    public static Command Create()
    {
        var link = new LinkArguments(several: true);
        var think = Listed.Option(
            "--think", "How long the origin takes before it sends the page, ms.", 200, several: true, static t => t >= 0, "is at least 0");
        var runs = Number("--runs", "Loads of each target.", 7, 1);
        var prime = Number(
            "--prime", "Loads of each target before those, which do not count: PushProxy has to find out what a page needs.", 2, 0);
        var browser = new Option<string>("--browser")
        {
            Description = "system: Debian's Chromium, which takes 103; 103: Chromium 103, which takes pushes, too; or a path. "
                + "Several are separated by commas.",
            DefaultValueFactory = static _ => "system",
        };
        var modes = new Option<string>("--modes")
        {
            Description = "cold: a new profile; warm: the same again in a new process.",
            DefaultValueFactory = static _ => "cold,warm",
        };
        modes.AcceptOnlyFromAmong("cold", "cold,warm");
        var site = new Option<DirectoryInfo>("--site")
        {
            Description =
            "A folder with a static site to load a page of, in place of the shop."
        };
        site.AcceptExistingOnly();
        var page = new Option<string>("--page")
        {
            Description = "The page of that site, from the slash on.",
            DefaultValueFactory = static _ => "/"
        };
        var before = CompareCommand.BeforeOption();
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
            think, runs, prime, browser, modes, site, page, before, json, picture, targets,
        };
        link.AddTo(command);
        command.Validators.Add(result => Check(result, site, page, targets));
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => Isolation.RunAsync(
            () => Sweep(result).RunAsync(result.GetValue(json), result.GetValue(picture), cancellation), cancellation)));
        return command;

        PageLoadSweep Sweep(ParseResult result)
        {
            var loaded = result.GetValue(site) is { } folder ? new LoadedPage(folder.FullName, result.GetValue(page)!) : LoadedPage.Shop;
            var all =
                from program in result.GetValue(browser)!.Split(',').Select(Program).ToList()
                from shape in link.ReadAll(result)
                from milliseconds in result.GetValue(think)!
                select new PageLoadRun
                {
                    Page = loaded,
                    Link = shape,
                    Think = milliseconds,
                    Runs = result.GetValue(runs),
                    Prime = result.GetValue(prime),
                    Browser = program,
                    Warm = result.GetValue(modes)!.EndsWith(PageLoader.Warm, StringComparison.Ordinal),
                };
            var sweep = new PageLoadSweep
            {
                Runs = [.. all],
                Named = result.GetResult(targets) is { Implicit: false },
                Targets = [.. Other(result.GetValue(before)),
                    .. result.GetValue(targets)!.Distinct().Select(static n => Target.All.Single(t => t.Name == n)).Where(loaded.Suits)],
            };
            return sweep.Runs.Count == 1 || result.GetValue(picture) is null
                ? sweep
                : throw new InvalidOperationException("--picture draws one set of conditions, and there are several.");
        }
    }

    private static string Program(string browser) =>
        browser switch { "system" => LoggedBrowser.Current, "103" => LoggedBrowser.Old, _ => browser };

    private static IEnumerable<Target> Other(FileInfo? before) =>
        before is null ? [] : [new Target(PeerCatalog.BeforeName, "before", PeerCatalog.Before(before), null)];

    // Defaults are not there yet when this runs.
    private static void Check(CommandResult result, Option<DirectoryInfo> site, Option<string> page, Argument<string[]> targets)
    {
        var named = result.GetResult(page) is { Implicit: false } path ? path.GetValueOrDefault<string>() : null;
        if (result.GetResult(site) is null)
        {
            if (named is not null)
            {
                result.AddError("--page names a page of the site given with --site.");
            }

            return;
        }

        if (named?.StartsWith('/') == false)
        {
            result.AddError("--page begins with a slash.");
        }

        var names = result.GetResult(targets) is { Implicit: false } given ? given.Tokens.Select(static t => t.Value) : [];
        foreach (var byHand in Target.All.Where(static t => t.Early is not null).Select(static t => t.Name).Intersect(names))
        {
            result.AddError($"{byHand} is configured by hand for the shop page, so it cannot be measured with --site.");
        }
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
