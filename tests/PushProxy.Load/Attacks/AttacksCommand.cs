using System.CommandLine;
using System.Globalization;
using PushProxy.Testing;

namespace PushProxy.Load.Attacks;

/// <summary><c>attacks</c>: what other visitors notice while somebody attacks.</summary>
internal static class AttacksCommand
{
    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "Seconds for each attack.", DefaultValueFactory = static _ => 15 };
        var rate = new Option<int>("--rate") { Description = "Known pages a second that visitors view.", DefaultValueFactory = static _ => 50 };
        var stock = new Option<bool>("--stock") { Description = "Attack stock YARP, too." };
        var names = new Argument<string[]>("attacks")
        {
            Description = $"Which attacks; all if absent: {string.Join(", ", Attack.All.Select(static a => a.Name))}.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        names.AcceptOnlyFromAmong([.. Attack.All.Select(static a => a.Name)]);
        foreach (var option in new[] { seconds, rate })
        {
            option.Validators.Add(result =>
            {
                if (result.GetValueOrDefault<int>() is < 1 or > 1000)
                {
                    result.AddError($"{option.Name}: 1 to 1,000.");
                }
            });
        }

        var command = new Command("attacks", "While somebody attacks: how long other visitors wait, and how soon new pages are learned.")
        {
            seconds, rate, stock, names,
        };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => RunAsync(
            TimeSpan.FromSeconds(result.GetValue(seconds)), result.GetValue(rate), result.GetValue(stock), result.GetValue(names) ?? [], cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(
        TimeSpan time, int rate, bool stock, string[] names, CancellationToken cancellation)
    {
        using var certificate = new TestCertificate();
        await using var origin = await ServerProcess.StartAsync("origin", ServerProcess.Program("PushProxy.Load"), AttackOrigin.Verb);
        string[] site = ["--origin", origin.Url, "--cert", certificate.CertificateFile, "--key", certificate.KeyFile];
        Print("ms", "p50", "p99", "max", "of quiet", "new: p50", "new: max");
        var quiet = new Dictionary<bool, double>();
        foreach (var attack in Attack.All.Where(a => names.Length == 0 || names.Contains(a.Name)).Prepend(null).Append(null))
        {
            foreach (var isStock in stock ? new[] { false, true } : [false])
            {
                // Each meets a proxy that knows nothing of the others.
                await using var proxy = isStock
                    ? await ServerProcess.StartAsync("stock YARP", ServerProcess.Program("PushProxy.Load"), ["stock", .. site])
                    : await ServerProcess.StartAsync(
                        "proxy",
                        ServerProcess.Program("pushproxy"),
                        ["run", .. site, .. ForwardingOnly.Arguments, "--listen", "https://127.0.0.1:0", "--PushProxy:Management:Listen=none",
                            "--PushProxy:Defaults:DebugHeader=true", "--Logging:LogLevel:Default=Warning"]);
                var seen = await WatchAsync(new OrdinaryVisits(new Uri(proxy.Url), rate, learns: !isStock), attack, proxy, time, cancellation);
                var p99 = At(seen.Known, 0.99);
                quiet.TryAdd(isStock, p99);
                Print(
                    isStock ? "  stock YARP" : attack?.Name ?? "quiet",
                    [
                        Number(At(seen.Known, 0.5)), Number(p99), Number(seen.Known[^1]),
                        (p99 / quiet[isStock]).ToString("F2", CultureInfo.InvariantCulture),
                        .. isStock ? [] : new[] { Number(At(seen.Learned, 0.5)), Number(seen.Learned[^1]) },
                    ]);
            }
        }

        return 0;
    }

    private static async Task<OrdinaryVisits.Seen> WatchAsync(
        OrdinaryVisits visits, Attack? attack, ServerProcess proxy, TimeSpan time, CancellationToken cancellation)
    {
        // What comes first warms up.
        await visits.RunAsync(TimeSpan.FromSeconds(Math.Max(10, time.TotalSeconds / 3)), cancellation);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var attacking = attack?.RunAsync(new Uri(proxy.Url), ending.Token) ?? Task.CompletedTask;
        await Task.Delay(TimeSpan.FromSeconds(attack is null ? 0 : 1), cancellation);
        var seen = await visits.RunAsync(time, cancellation);
        if (attacking.IsFaulted)
        {
            await attacking;
        }

        await ending.CancelAsync();
        await attacking.ContinueWith(static done => done.Exception, TaskScheduler.Default);
        return seen;
    }

    private static double At(List<double> sorted, double quantile) => sorted[(int)(quantile * (sorted.Count - 1))];

    private static string Number(double milliseconds) => milliseconds.ToString("F1", CultureInfo.InvariantCulture);

    private static void Print(string name, params string[] columns) =>
        Console.WriteLine($"{name,-16}" + string.Concat(columns.Select(static c => $"{c,10}")));
}
