using System.Text.Json;
using System.Text.Json.Serialization;
using PushProxy.Load.Soak.Faults;
using PushProxy.Load.Soak.Verdict;

namespace PushProxy.Load.Soak;

/// <summary>What a soak came to, for people and for programs.</summary>
internal static class SoakReport
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    /// <summary>On the console.</summary>
    public static void Print(IReadOnlyList<Check> checks)
    {
        Console.WriteLine();
        foreach (var check in checks)
        {
            Console.WriteLine($"{(check.Holds ? "holds" : "FAILS")}  {check.Name}");
            foreach (var figure in check.Figures)
            {
                Console.WriteLine("         " + figure);
            }
        }

        Console.WriteLine();
        Console.WriteLine(
            checks.All(static c => c.Holds) ? "All holds." : $"{checks.Count(static c => !c.Holds)} of {checks.Count} do not hold.");
    }

    /// <summary>As JSON: the verdict, and what it is concluded from.</summary>
    public static async Task WriteAsync(string path, SoakObservations seen, IReadOnlyList<Check> checks, CancellationToken cancellation)
    {
        await using var file = File.Create(path);
        await JsonSerializer.SerializeAsync(
            file,
            new
            {
                minutes = seen.Length.TotalMinutes,
                holds = checks.All(static c => c.Holds),
                checks,
                faults = seen.Faults.Select(static f => new
                {
                    f.Kind,
                    ofOrigin = f.Kind.IsOfOrigin(),
                    start = f.Start.TotalSeconds,
                    end = f.End?.TotalSeconds,
                    f.Outcome,
                    f.Failure,
                }),
                probes = new
                {
                    seen.Probes.Pairs,
                    seen.Probes.Calm,
                    seen.Probes.OriginUnwell,
                    seen.Probes.Settled,
                    seen.Probes.Abandoned,
                    seen.Probes.Failures,
                },
                visits = new { pushProxy = seen.Visits, stock = seen.StockVisits, shared = seen.SharedVisits },
                memory = new { pushProxy = seen.Memory, stock = seen.StockMemory },
                accounting = seen.Accounting,
                log = new { errors = seen.LogErrors, lines = seen.LogLines },
                seen.Unobserved,
                seen.Metrics,
                seen.PushedAtEnd,
            },
            Json,
            cancellation);
    }
}
