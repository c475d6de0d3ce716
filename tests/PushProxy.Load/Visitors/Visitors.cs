using System.Diagnostics;
using System.Text.Json;
using PushProxy.Testing;

namespace PushProxy.Load;

/// <summary>
/// Visitors who view pages as browsers do: <c>visitors.mjs</c>, on the HTTP clients of Node. No load tool known to the field takes
/// pushes, heeds 103 or keeps a cache.
/// </summary>
internal static class Visitors
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>Has them visit, to the end of the plan.</summary>
    /// <param name="plan">Who visits, how often and how.</param>
    /// <param name="progress">Told each second, from another thread.</param>
    /// <param name="cancellation">Ends all visits at once.</param>
    /// <exception cref="InvalidOperationException">Node is not installed, or the script failed; the message has what it
    /// printed.</exception>
    public static async Task<VisitResult> RunAsync(VisitPlan plan, IProgress<VisitTick>? progress, CancellationToken cancellation)
    {
        string[] pin = plan.Processors is { } processors ? [ExternalTool.Require("taskset"), "-c", processors] : [];
        string[] command = [.. plan.Place, .. pin, ExternalTool.Require("node"), Path.Combine(AppContext.BaseDirectory, "Visitors", "visitors.mjs")];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        ChildProcesses.KillAtExit(process);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellation);
            await process.StandardInput.WriteLineAsync(ToJson(plan).AsMemory(), cancellation);
            await process.StandardInput.FlushAsync(cancellation);
            while (await process.StandardOutput.ReadLineAsync(cancellation) is { } line)
            {
                if (line.StartsWith("{\"type\":\"end\"", StringComparison.Ordinal))
                {
                    return JsonSerializer.Deserialize<VisitResult>(line, Json)!;
                }

                progress?.Report(JsonSerializer.Deserialize<VisitTick>(line, Json)!);
            }

            throw new InvalidOperationException($"The visitors ended before their visits did: {await errors}");
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static string ToJson(VisitPlan plan) => JsonSerializer.Serialize(
        new
        {
            url = plan.Url.AbsoluteUri,
            pages = plan.Pages.Count > 0 ? plan.Pages.Select(p => new Uri(plan.Url, p).AbsoluteUri) : [plan.Url.AbsoluteUri],
            mode = plan.Protocol switch { VisitProtocol.Http1 => "h1", VisitProtocol.Http2 => "h2", _ => "push" },
            plan.Rate,
            plan.Concurrency,
            seconds = plan.Duration?.TotalSeconds,
            plan.Views,
            plan.Returning,
            plan.Cancelled,
            plan.Port,
            ca = plan.Certificate,
            plan.Insecure,
            plan.Browsers,
            plan.Seed,
            timeout = plan.Timeout.TotalSeconds,
            start = plan.Start?.ToUnixTimeMilliseconds(),
        },
        Json);
}
