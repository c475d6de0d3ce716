using System.Text.Json;
using PushProxy.Load.Soak.Faults;
using PushProxy.Testing;

namespace PushProxy.Load.Tests.Soak;

/// <summary>The soak as CI runs it: one minute, and all must hold.</summary>
public sealed class SoakCommandTests : IDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "PushProxy.Load.dll");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("pushproxy-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task One_minute_holds_and_the_report_has_all_that_was_done_and_seen()
    {
        var (json, log) = (Path.Combine(_folder.FullName, "soak.json"), Path.Combine(_folder.FullName, "soak.log"));
        var run = await ExternalTool.RunAsync(
            "dotnet", [Program, "soak", "--minutes", "1", "--json", json, "--log", log], TimeSpan.FromMinutes(5));
        Assert.True(run.ExitCode == 0, run.Output + run.Error);
        Assert.Contains("All holds.", run.Output, StringComparison.Ordinal);

        using var document = JsonDocument.Parse(await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        var report = document.RootElement;
        Assert.True(report.GetProperty("holds").GetBoolean());
        Assert.All(report.GetProperty("checks").EnumerateArray(), static c => Assert.True(c.GetProperty("holds").GetBoolean()));

        // Each kind of fault, announced with beginning and end.
        var faults = report.GetProperty("faults").EnumerateArray().ToList();
        foreach (var kind in Enum.GetValues<FaultKind>())
        {
            Assert.Contains(faults, f => f.GetProperty("kind").GetString() == JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()));
            Assert.Contains($"{kind} begins", run.Output, StringComparison.Ordinal);
            Assert.Contains($"{kind} ends after", run.Output, StringComparison.Ordinal);
        }

        Assert.All(faults, static f => Assert.True(f.GetProperty("end").GetDouble() > f.GetProperty("start").GetDouble()));

        var probes = report.GetProperty("probes");
        Assert.True(Sum(probes.GetProperty("calm")) > 0);
        Assert.True(Sum(probes.GetProperty("originUnwell")) > 0);
        Assert.Equal(probes.GetProperty("pairs").GetInt32(), Sum(probes.GetProperty("calm")) + Sum(probes.GetProperty("originUnwell")));
        Assert.True(probes.GetProperty("originUnwell").GetProperty("bothFailed").GetInt32() > 0, "The origin's faults have hurt nobody.");

        var visits = report.GetProperty("visits");
        Assert.True(visits.GetProperty("pushProxy").GetProperty("pushes").GetInt64() > 0);
        Assert.True(visits.GetProperty("stock").GetProperty("views").GetInt64() > 0);
        Assert.True(visits.GetProperty("pushProxy").GetProperty("excusedErrors").GetInt64() > 0);
        Assert.All(visits.GetProperty("shared").EnumerateArray(), static v => Assert.True(v.GetProperty("views").GetInt64() > 0));
        foreach (var proxy in new[] { "pushProxy", "stock" })
        {
            var memory = report.GetProperty("memory").GetProperty(proxy);
            Assert.InRange(memory.GetProperty("resident").GetArrayLength(), 45, 65);
            Assert.InRange(memory.GetProperty("living").GetArrayLength(), 15, 21);
        }

        Assert.NotEqual(0, report.GetProperty("pushedAtEnd").GetArrayLength());
        Assert.NotEqual(0, new FileInfo(log).Length);
    }

    [Theory]
    [InlineData("--minutes", "0.4", "at least 0.5")]
    [InlineData("--views", "0", "more than 0")]
    [InlineData("--pairs", "-1", "more than 0")]
    public async Task What_can_not_be_is_refused(string option, string value, string why)
    {
        var run = await ExternalTool.RunAsync("dotnet", [Program, "soak", option, value]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(why, run.Error, StringComparison.Ordinal);
    }

    private static int Sum(JsonElement counts) => counts.EnumerateObject().Sum(static c => c.Value.GetInt32());
}
