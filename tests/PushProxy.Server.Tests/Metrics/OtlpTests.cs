using OpenTelemetry.Proto.Metrics.V1;
using PushProxy.Server.Tests.Support;
using PushProxy.Testing;

namespace PushProxy.Server.Tests.Metrics;

/// <summary>Metrics by OTLP: to where the environment says, also without a management listener, and at the cost of no request.</summary>
public sealed class OtlpTests
{
    private const string Html = "<!DOCTYPE html><title>a</title><link rel=stylesheet href=/a.css>";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Instruments_arrive_by_grpc_from_a_program_without_a_management_listener()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: true);
        await using var site = await TestSite.WithPageAsync(Html);
        await using var proxy = await StartAsync(site, management: false, ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address));
        await AskAsync(proxy, 3);

        var (resource, pages) = await receiver.MetricAsync("pushproxy.pages", 3);
        Assert.Equal("pushproxy", resource["service.name"]);
        Assert.True(Guid.TryParse(resource["service.instance.id"], out _), "instances are told apart");
        Assert.Equal(("{page}", true, AggregationTemporality.Cumulative), (pages.Unit, pages.Sum.IsMonotonic, pages.Sum.AggregationTemporality));

        // What the proxy fetches itself to learn counts there, too.
        await Eventually.TrueAsync(
            () => receiver.Metrics.Any(static m => m.Name == "pushproxy.cache.requests" && m.Sum.DataPoints.Sum(static p => p.AsInt) >= 3),
            () => string.Join('\n', receiver.Metrics.Where(static m => m.Name == "pushproxy.cache.requests")));
        Assert.Equal("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export", receiver.Requests.First().Target);
    }

    [Fact]
    public async Task Instruments_arrive_by_http_at_the_address_for_metrics_with_requests_measured_if_wanted()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false);
        await using var site = await TestSite.WithPageAsync(Html);
        await using var proxy = await StartAsync(
            site, management: true,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"), ("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", $"{receiver.Address}/here"),
            ("OTEL_EXPORTER_OTLP_METRICS_PROTOCOL", "http/protobuf"), ("OTEL_EXPORTER_OTLP_METRICS_HEADERS", "authorization=Bearer x"),
            ("OTEL_SERVICE_NAME", "shop"), ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=test"), ("PushProxy__Metrics__Http", "true"));
        await AskAsync(proxy, 2);

        var (resource, _) = await receiver.MetricAsync("pushproxy.pages", 2);
        Assert.Equal(("shop", "test"), (resource["service.name"], resource["deployment.environment.name"]));
        Assert.Equal(("/here", "Bearer x"), receiver.Requests.First());

        // A request is measured when it is over, which its client does not wait for.
        await Eventually.TrueAsync(
            () => receiver.Metrics.Any(static m => m is { Name: "http.server.request.duration", Unit: "s" } && m.Histogram.DataPoints.Any(static p =>
                p.Count == 2 && p.Attributes.Any(static a => a.Key == "http.response.status_code" && a.Value.IntValue == 200))),
            () => string.Join('\n', receiver.Metrics.Where(static m => m.Name == "http.server.request.duration")));

        // The management listener has the same.
        var text = await proxy.Client.GetStringAsync(new Uri(proxy.Management, "/metrics"), Cancellation);
        Assert.Contains("http_server_request_duration_seconds_count{", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collector_that_refuses_costs_one_line_of_the_log_and_no_request()
    {
        await using var receiver = await OtlpReceiver.StartAsync(isGrpc: false, refuses: true);
        await using var site = await TestSite.WithPageAsync(Html);
        await using var proxy = await StartAsync(
            site, management: false, ("OTEL_EXPORTER_OTLP_ENDPOINT", receiver.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
        await AskAsync(proxy, 5);
        await Eventually.TrueAsync(() => receiver.Refused >= 5, () => $"It asked {receiver.Refused} times.");

        var warning = await proxy.Log.WaitForAsync("Metrics can't be sent to " + receiver.Address);
        await AskAsync(proxy, 1);
        Assert.Equal([warning], proxy.Log.Text.Split('\n').Where(static l => l.Contains("warn", StringComparison.Ordinal)));
        Assert.DoesNotContain("fail:", proxy.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Collector_that_is_not_there_costs_one_line_of_the_log_and_not_the_end()
    {
        await using var site = await TestSite.WithPageAsync(Html);
        await using var proxy = await StartAsync(site, management: false, ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1"));
        await AskAsync(proxy, 2);
        await proxy.Log.WaitForAsync("Metrics can't be sent to http://127.0.0.1:1");

        proxy.Terminate();
        Assert.Equal(0, await proxy.ExitCodeAsync());
    }

    private static Task<RunningProxy> StartAsync(TestSite site, bool management, params (string Name, string Value)[] environment) => RunningProxy.StartAsync(
        Pushproxy.Program,
        ["--origin", site.Address, "--listen", "http://127.0.0.1:0", $"--PushProxy:Management:Listen={(management ? "http://127.0.0.1:0" : "none")}"],
        environment.Append(("OTEL_METRIC_EXPORT_INTERVAL", "200")).ToDictionary(static v => v.Item1, static v => v.Item2),
        management: management);

    private static async Task AskAsync(RunningProxy proxy, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, proxy.Address);
            request.Headers.Add("Accept", "text/html");
            using var response = await proxy.Client.SendAsync(request, Cancellation);
            Assert.True(response.IsSuccessStatusCode);
        }
    }
}
