using System.CommandLine;
using System.Diagnostics;
using System.Globalization;

namespace PushProxy.Load.Restart;

/// <summary>
/// <c>restart</c>: how long the program takes from its start to its first response, with many learned pages in its data directory and with
/// none, in turns; and how large the file is and what writing it takes.
/// </summary>
internal static class RestartCommand
{
    // What --origin makes.
    private const string Route = "pushproxy-origin";

    public static Command Create()
    {
        var pages = new Option<int>("--pages") { Description = "How many pages are known.", DefaultValueFactory = static _ => 10_000 };
        var starts = new Option<int>("--starts") { Description = "Starts of each.", DefaultValueFactory = static _ => 9 };
        var program = new Option<FileInfo>("--program")
        {
            Description = "The pushproxy.dll. By default that of this build.",
            DefaultValueFactory = static _ => new FileInfo(ServerProcess.Program("pushproxy")),
        };
        var command = new Command("restart", "The time from start to first response, with many learned pages and with none.")
        {
            pages, starts, program,
        };
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => RunAsync(
            result.GetValue(pages), result.GetValue(starts), result.GetValue(program)!.FullName, cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(int pages, int starts, string program, CancellationToken cancellation)
    {
        var (full, empty) = (Directory.CreateTempSubdirectory("pushproxy-full-"), Directory.CreateTempSubdirectory("pushproxy-empty-"));
        try
        {
            await using var origin = await ServerProcess.StartAsync("origin", ServerProcess.Program("PushProxy.Load"), "origin");
            using (var site = new LearnedSite(full.FullName, Address(origin), Route))
            {
                site.Learn(pages);
                var writing = Stopwatch.GetTimestamp();
                await site.SaveAsync();
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{site.Pages:N0} pages, {site.Bytes / 1048576.0:N1} MiB in memory; file {site.FileBytes / 1048576.0:N2} MiB, "
                    + $"written in {Stopwatch.GetElapsedTime(writing).TotalMilliseconds:N0} ms"));
            }

            var reading = Stopwatch.GetTimestamp();
            using (var site = new LearnedSite(full.FullName, Address(origin), Route))
            {
                var opened = Stopwatch.GetElapsedTime(reading);
                site.RestoreAll();
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture,
                    $"opened in {opened.TotalMilliseconds:N0} ms, all {site.Pages:N0} pages taken over in "
                    + $"{Stopwatch.GetElapsedTime(reading).TotalMilliseconds:N0} ms"));
            }

            var times = new Dictionary<string, List<double>> { ["empty"] = [], [$"{pages} pages"] = [] };
            for (var round = -1; round < starts; round++)
            {
                foreach (var (name, folder) in new[] { ("empty", empty), ($"{pages} pages", full) })
                {
                    // The file stays as it is: the program is ended by force.
                    var (took, tells) = await StartAsync(program, origin.Url, folder.FullName, cancellation);
                    if (round >= 0)
                    {
                        times[name].Add(took.TotalMilliseconds);
                    }

                    if (tells != (folder == full))
                    {
                        throw new InvalidOperationException($"{name}: the first response says {(tells ? "learned" : "not learned")}.");
                    }
                }
            }

            foreach (var (name, all) in times)
            {
                all.Sort();
                await Console.Out.WriteLineAsync(string.Create(
                    CultureInfo.InvariantCulture, $"{name,-14} {all[all.Count / 2],6:N0} ms ({all[0]:N0}-{all[^1]:N0}) to the first response"));
            }

            return 0;
        }
        finally
        {
            full.Delete(recursive: true);
            empty.Delete(recursive: true);
        }
    }

    private static async Task<(TimeSpan Took, bool Tells)> StartAsync(
        string program, string origin, string folder, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        await using var server = await ServerProcess.StartAsync(
            "PushProxy", program, "run", "--origin", origin, "--listen", "http://127.0.0.1:0", "--PushProxy:Management:Listen=none",
            $"--PushProxy:DataDirectory={folder}", "--PushProxy:Learning:CacheBytes=1073741824", "--PushProxy:Defaults:DebugHeader=true",
            "--PushProxy:RedirectToHttps=false");
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(new Uri(server.Url), ManyPages.PathOf(17)));
        request.Headers.Host = ManyPages.Authority;
        request.Headers.Accept.ParseAdd("text/html");
        using var response = await client.SendAsync(request, cancellation);
        var links = response.Headers.TryGetValues("Link", out var values) ? string.Join(',', values) : "";
        return (Stopwatch.GetElapsedTime(began), links.Contains("/assets/", StringComparison.Ordinal));
    }

    private static string Address(ServerProcess origin) => new Uri(origin.Url).AbsoluteUri;
}
