using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;
using PushProxy.Testing.Clients;

namespace PushProxy.Server.Tests.Metrics;

/// <summary>Names and units of all instruments, and what is made of them: the page of the documentation, the dashboard, Prometheus' text.</summary>
public sealed partial class InstrumentTests
{
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    // Their names without the unit are taken by a count of the same things. Prometheus has both with the unit, and has had them before.
    private static readonly string[] s_namedByUnit =
    [
        "pushproxy.learned.bytes", "pushproxy.pushes.bytes", "pushproxy.redis.put.bytes", "pushproxy.redis.received.bytes", "pushproxy.redis.waiting.bytes",
        "pushproxy.shells.bytes",
    ];

    // What some views of a page leave behind.
    private static readonly string[] s_driven =
    [
        "pushproxy_pages_total", "pushproxy_resources_sent_total", "pushproxy_pushes_total", "pushproxy_pushes_bytes_total", "pushproxy_early_hints_total",
        "pushproxy_early_skipped_total", "pushproxy_learning_analysed_total", "pushproxy_learned_paths", "pushproxy_learned_bytes", "pushproxy_cache_requests_total",
        "pushproxy_cache_saved_bytes_total", "pushproxy_cache_size_bytes", "pushproxy_origin_think_time_seconds",
    ];

    [Fact]
    public async Task Names_and_units_follow_the_rules_of_OpenTelemetry_and_are_documented()
    {
        var all = await InstrumentOfOurs.AllAsync();
        var page = await File.ReadAllTextAsync(Repository.File("docs/metrics.md"), Cancellation);

        Assert.InRange(all.Count, 38, 200);
        Assert.All(all, instrument =>
        {
            Assert.Matches(@"^pushproxy(\.[a-z][a-z0-9]*(_[a-z0-9]+)*)+$", instrument.Name);
            Assert.DoesNotMatch(@"[._](total|count|sum|bucket)$", instrument.Name);
            Assert.Contains(instrument.Kind, new[] { "counter", "gauge", "histogram" });

            // Bytes, seconds, or what is counted, in the singular (https://ucum.org). What is 1 or 0 has no unit.
            Assert.True(
                instrument.Unit is "By" or "s" || (instrument.Unit is { } unit && Annotation().IsMatch(unit)) || instrument.Name == "pushproxy.redis.connected",
                $"{instrument.Name}: {instrument.Unit}");
            Assert.True(
                !UnitInName().IsMatch(instrument.Name) || s_namedByUnit.Contains(instrument.Name), $"{instrument.Name} has its unit in its name");
            Assert.True(
                page.Contains($"| `{instrument.Name}` | {instrument.Kind} | {(instrument.Unit is { } u ? $"`{u}`" : "")} |", StringComparison.Ordinal),
                $"docs/metrics.md has no row for {instrument}");
        });
        var listed = Row().Matches(page).Select(static m => m.Groups["name"].Value).ToList();
        Assert.Equal(all.Select(static i => i.Name).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Dashboard_asks_for_what_there_is_in_a_language_that_Prometheus_understands()
    {
        var series = (await InstrumentOfOurs.AllAsync()).SelectMany(static i => i.Series).ToHashSet(StringComparer.Ordinal);
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Repository.File("deploy/grafana/pushproxy.json"), Cancellation));
        var panels = dashboard.RootElement.GetProperty("panels").EnumerateArray().ToList();
        var queries = panels.Where(static p => p.TryGetProperty("targets", out _))
            .SelectMany(static p => p.GetProperty("targets").EnumerateArray()).Select(static t => t.GetProperty("expr").GetString()!).ToList();
        var variables = dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray().Select(static v => v.GetProperty("query").ToString());

        Assert.InRange(queries.Count, 40, 400);
        Assert.Empty(queries.Concat(variables).SelectMany(static q => SeriesName().Matches(q)).Select(static m => m.Value).Except(series));

        // All that is measured is shown somewhere.
        Assert.Empty(series.Where(static s => !s.EndsWith("_sum", StringComparison.Ordinal) && !s.EndsWith("_count", StringComparison.Ordinal))
            .Where(s => !queries.Exists(q => q.Contains(s, StringComparison.Ordinal))).Except(["pushproxy_redis_put_bytes_total", "pushproxy_redis_received_bytes_total", "pushproxy_redis_waiting_bytes"]));
        Assert.Equal(panels.Count, panels.Select(static p => p.GetProperty("id").GetInt32()).Distinct().Count());

        using var folder = new TempFolder();
        var rules = queries.Select(static (q, i) => $"      - record: q{i}\n        expr: {JsonSerializer.Serialize(q.Replace("$__rate_interval", "5m", StringComparison.Ordinal))}");
        var file = folder.Write("rules.yml", "groups:\n  - name: dashboard\n    rules:\n" + string.Join('\n', rules) + "\n");
        AssertPassed(await ExternalTool.RunAsync("promtool", ["check", "rules", file]));
    }

    [Fact]
    public async Task Example_of_a_scrape_is_a_configuration_of_Prometheus() =>
        AssertPassed(await ExternalTool.RunAsync("promtool", ["check", "config", Repository.File("deploy/prometheus/prometheus.yml")]));

    [Fact]
    public async Task What_the_program_shows_is_Prometheus_text_under_the_expected_names()
    {
        await using var site = await TestSite.StartAsync(static async http =>
        {
            var isPage = http.Request.Path == "/";
            http.Response.ContentType = isPage ? "text/html" : "text/css";
            http.Response.Headers.CacheControl = isPage ? "no-cache" : "max-age=600";
            await http.Response.WriteAsync(isPage ? "<!DOCTYPE html><title>a</title><link rel=stylesheet href=/a.css>" : "a { }");
        });
        await using var proxy = await RunningProxy.StartAsync(
            Pushproxy.Program,
            ["--origin", site.Address, "--listen", "https://127.0.0.1:0", "--PushProxy:Management:Listen=http://127.0.0.1:0", "--PushProxy:Learning:NamedBy=1"]);
        await Eventually.AnswerAsync(
            () => Curl.HeadsAsync(proxy.Address, "--http2", "Accept: text/html"), static heads => heads.Count == 2, "a 103");
        await Eventually.AnswerAsync(() => Nghttp.RunAsync(proxy.Address, "accept: text/html"), static trace => trace.Promises.Count == 1, "a push");
        await Curl.HeadsAsync(new Uri(proxy.Address, "/a.css"));

        // Pushes end, and pages are analysed, beside the requests.
        var text = await Eventually.AnswerAsync(
            () => proxy.Client.GetStringAsync(new Uri(proxy.Management, "/metrics"), Cancellation),
            static text => !s_driven.Except(NamesIn(text)).Any(),
            string.Join(", ", s_driven));
        var known = (await InstrumentOfOurs.AllAsync()).Select(static i => i.PrometheusName).ToHashSet(StringComparer.Ordinal);
        Assert.Equal(["target_info"], NamesIn(text).Except(known));

        using var folder = new TempFolder();
        var file = folder.Write("metrics.txt", text);
        AssertPassed(await ExternalTool.RunAsync("sh", ["-c", "exec \"$0\" check metrics < \"$1\"", ExternalTool.Require("promtool"), file]));
    }

    private static IEnumerable<string> NamesIn(string text) => Types().Matches(text).Select(static m => m.Groups["name"].Value);

    private static void AssertPassed(ToolResult result) => Assert.True(result.ExitCode == 0, result.Output + result.Error);

    [GeneratedRegex(@"^\{[a-z]+\}$")]
    private static partial Regex Annotation();

    [GeneratedRegex(@"(^|[._])(bytes|seconds|milliseconds)$")]
    private static partial Regex UnitInName();

    [GeneratedRegex(@"^\| `(?<name>pushproxy\.[^`]+)` \| (counter|gauge|histogram) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex("pushproxy_[a-z_]+")]
    private static partial Regex SeriesName();

    [GeneratedRegex("^# TYPE (?<name>[^ ]+) ", RegexOptions.Multiline)]
    private static partial Regex Types();
}
