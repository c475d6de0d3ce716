using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>
/// <c>views</c>: page views as browsers make them, at a stated rate, on a site that is started for it or on one's own; ends with a
/// report.
/// </summary>
internal static class ViewsCommand
{
    public static Command Create()
    {
        var url = new Option<Uri?>("--url")
        {
            Description = "A site of your own. Without it, an origin and PushProxy in front of it are started.",
            CustomParser = Address,
        };
        var pages = new Option<string[]>("--page")
        {
            Description =
                "A page to view, relative to the site; repeatable. Default: the URL itself, or five pages of the site that is started.",
        };
        var protocol = new Option<string>("--protocol")
        {
            Description = "h1, h2 (pushes refused, as browsers do), push (pushes taken), or mix: a third of the views each.",
            DefaultValueFactory = static _ => "mix",
        };
        protocol.AcceptOnlyFromAmong("h1", "h2", "push", "mix");
        var rate = Number(
            "--rate",
            "Views a second, begun whether or not earlier ones have ended; with delivery off as many more. 0: each of --concurrency "
            + "visitors begins one when the last has ended.",
            20,
            0,
            100_000);
        var concurrency = Whole(
            "--concurrency", "The most views under way at once. What is due and finds no room is counted as late.", 64, 1, 10_000);
        var seconds = Whole("--seconds", "How long views begin; those under way then come to their end.", 30, 1, 86_400);
        var warmUp = Bounded(
            new Option<int?>("--warm-up") { Description = "Seconds of the same before, which do not count. Default: 5, with --url 0." },
            0,
            3_600);
        var returning = Number("--returning", "The share of views by visitors who have been here and kept cache and cookies.", 0.4, 0, 1);
        var cancel = Number("--cancel", "The share of views broken off at a random moment.", 0.05, 0, 1);
        var think = Whole("--think", "Milliseconds the started origin thinks before it answers with a page.", 50, 0, 60_000);
        var timeout = Whole("--timeout", "Seconds after which a view has failed.", 30, 1, 3_600);
        var seed = Whole("--seed", "The same seed gives the same choices of pages, visitors and moments.", 1, 0, int.MaxValue);
        var report = new Option<string>("--report")
        {
            Description = "Folder for report.json and report.html.",
            DefaultValueFactory = static _ => Path.Combine("artifacts", "load"),
        };
        var certificate = new Option<FileInfo>("--cert") { Description = "Certificates to trust, PEM, for a site of your own." };
        certificate.AcceptExistingOnly();
        var insecure = new Option<bool>("--insecure") { Description = "Take any certificate." };
        var process = new Option<int[]>("--pid")
        {
            Description = "The server's process, if it runs here: its CPU and memory are reported, too; repeatable.",
        };
        var metrics = new Option<Uri?>("--metrics")
        {
            Description =
                "A PushProxy's own counters, usually http://127.0.0.1:8081/metrics: what they counted meanwhile is reported, too.",
            CustomParser = Address,
        };
        var set = new Option<string[]>("--set")
        {
            Description = "A setting of the PushProxy that is started, as KEY=VALUE: PushProxy:Defaults:Delivery=link; repeatable.",
        };
        var alone = new Option<bool>("--alone")
        {
            Description =
                "Visit the site with delivery only. Otherwise the same visitors visit a second PushProxy with delivery off in turn, and "
                + "the report shows both side by side. With --url there is no second one.",
        };
        var command = new Command(
            "views",
            "Page views as browsers make them, with a report. (For the highest request rate of single resources see compare and peers, "
            + "which use h2load.)")
        {
            url, pages, protocol, rate, concurrency, seconds, warmUp, returning, cancel, think, timeout, seed, report, certificate,
            insecure, process, metrics, set, alone,
        };
        command.SetAction((result, cancellation) =>
        {
            var own = result.GetValue(url) is not null;
            var options = new ViewsOptions
            {
                Url = result.GetValue(url),
                Pages = result.GetValue(pages) ?? [],
                Protocols = result.GetValue(protocol) switch
                {
                    "h1" => [VisitProtocol.Http1],
                    "h2" => [VisitProtocol.Http2],
                    "push" => [VisitProtocol.Push],
                    _ => [VisitProtocol.Http1, VisitProtocol.Http2, VisitProtocol.Push],
                },
                Rate = result.GetValue(rate),
                Concurrency = result.GetValue(concurrency),
                Seconds = result.GetValue(seconds),
                WarmUp = result.GetValue(warmUp) ?? (own ? 0 : 5),
                Returning = result.GetValue(returning),
                Cancelled = result.GetValue(cancel),
                Think = result.GetValue(think),
                Timeout = result.GetValue(timeout),
                Seed = result.GetValue(seed),
                Folder = result.GetValue(report)!,
                Certificate = result.GetValue(certificate)?.FullName,
                Insecure = result.GetValue(insecure),
                Processes = result.GetValue(process) ?? [],
                Metrics = result.GetValue(metrics),
                Settings = result.GetValue(set) ?? [],
                Alone = result.GetValue(alone),
            };
            return ViewsRun.RunAsync(options, cancellation);
        });
        command.Validators.Add(result =>
        {
            // Its value can't be asked for where it is none.
            var site = result.GetResult(url) is { Tokens: [var token, ..] } ? token.Value : null;
            if (site?.StartsWith("http://", StringComparison.OrdinalIgnoreCase) == true && result.GetValue(protocol) is not "h1")
            {
                result.AddError("Over http:// there is HTTP/1.1 only: give --protocol h1, or a URL with https://.");
            }

            if (site is not null && (result.GetValue(set) ?? []).Length > 0)
            {
                result.AddError("--set is for the PushProxy that is started; with --url none is.");
            }
        });
        return command;
    }

    private static Option<int> Whole(string name, string description, int standard, int least, int most) => Bounded(
        new Option<int>(name) { Description = description, DefaultValueFactory = _ => standard }, least, most);

    private static Option<double> Number(string name, string description, double standard, double least, double most) => Bounded(
        new Option<double>(name) { Description = description, DefaultValueFactory = _ => standard }, least, most);

    private static Option<T> Bounded<T>(Option<T> option, double least, double most)
    {
        option.Validators.Add(result =>
        {
            if (Convert.ToDouble(result.GetValueOrDefault<T>(), CultureInfo.InvariantCulture) is var value && (
                value < least || value > most))
            {
                result.AddError($"{option.Name} has to be from {least} to {most}.");
            }
        });
        return option;
    }

    private static Uri? Address(ArgumentResult result)
    {
        if (Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https")
        {
            return address;
        }

        result.AddError($"'{result.Tokens.Single().Value}' is no http:// or https:// URL.");
        return null;
    }
}
