using System.Diagnostics.Metrics;
using PushProxy.Server.Configuration;
using PushProxy.Server.Hosting;
using PushProxy.Server.Tests.Support;

namespace PushProxy.Server.Tests.Metrics;

/// <summary>All instruments of the program, also those that have measured nothing.</summary>
/// <param name="Name">As OpenTelemetry has it.</param>
/// <param name="Unit">In UCUM; null if there is none.</param>
/// <param name="Kind"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
internal sealed record InstrumentOfOurs(string Name, string? Unit, string Kind)
{
    private static readonly Lazy<Task<IReadOnlyList<InstrumentOfOurs>>> s_all = new(FindAsync);

    /// <summary>As Prometheus has it, without what is added for the parts of a histogram.</summary>
    public string PrometheusName => Name.Replace('.', '_') + UnitSuffix + (Kind == "counter" ? "_total" : "");

    /// <summary>The names of its series.</summary>
    public IEnumerable<string> Series =>
        Kind == "histogram" ? new[] { "_bucket", "_sum", "_count" }.Select(part => PrometheusName + part) : [PrometheusName];

    /// <summary>All of them. The program is started once for all tests.</summary>
    public static Task<IReadOnlyList<InstrumentOfOurs>> AllAsync() => s_all.Value;

    private string UnitSuffix => Unit switch
    {
        "By" => Suffix("_bytes"),
        "s" => Suffix("_seconds"),
        _ => "",
    };

    /// <summary>Starts the program within this one, with everything that counts something, and looks what it makes.</summary>
    private static async Task<IReadOnlyList<InstrumentOfOurs>> FindAsync()
    {
        using var folder = new TempFolder();
        var configuration = ProxyConfiguration.Load(folder.Write("site.json", "{}"), new Dictionary<string, string?>
        {
            ["PushProxy:Listen"] = "http://127.0.0.1:0",
            ["PushProxy:Management:Listen"] = "http://127.0.0.1:0",
            ["PushProxy:AccessLog:Format"] = "json",
            ["PushProxy:AccessLog:File"] = folder["access.log"],
            ["PushProxy:DataDirectory"] = folder["data"],
            ["PushProxy:Learning:Persist"] = "false",

            // Nobody is there.
            ["PushProxy:Shared:Redis"] = "127.0.0.1:1",
        });
        var found = new List<InstrumentOfOurs>();
        var (app, _) = ProxyHost.Build(configuration, new Uri("http://127.0.0.1:1"));
        await using (app)
        {
            var factory = (IMeterFactory)app.Services.GetService(typeof(IMeterFactory))!;
            using var listener = new MeterListener();
            listener.InstrumentPublished = (instrument, _) =>
            {
                // Other tests of this process make meters, too.
                if (ReferenceEquals(instrument.Meter.Scope, factory) && instrument.Meter.Name.StartsWith("PushProxy", StringComparison.Ordinal))
                {
                    lock (found)
                    {
                        found.Add(new InstrumentOfOurs(instrument.Name, instrument.Unit, KindOf(instrument)));
                    }
                }
            };
            listener.Start();
            await app.StartAsync(CancellationToken.None);
            await app.StopAsync(CancellationToken.None);
        }

        return found;
    }

    private static string KindOf(Instrument instrument) => instrument.GetType().Name switch
    {
        var name when name.Contains("Counter", StringComparison.Ordinal) => "counter",
        var name when name.Contains("Gauge", StringComparison.Ordinal) => "gauge",
        var name when name.Contains("Histogram", StringComparison.Ordinal) => "histogram",
        var name => name,
    };

    private string Suffix(string unit) => Name.Replace('.', '_').EndsWith(unit, StringComparison.Ordinal) ? "" : unit;
}
