using System.Collections.Concurrent;
using System.Net;
using Google.Protobuf;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Metrics.V1;

namespace PushProxy.Server.Tests.Metrics;

/// <summary>
/// Takes metrics as a collector does, by gRPC or HTTP. It reads them by the code that is made from OpenTelemetry's own description.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _refused;

    private OtlpReceiver(bool isGrpc, bool refuses)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen => listen.Protocols = isGrpc ? HttpProtocols.Http2 : HttpProtocols.Http1));
        _app = builder.Build();
        _app.Run(http => refuses ? RefuseAsync(http) : isGrpc ? GrpcAsync(http) : HttpAsync(http));
    }

    public string Address => _app.Urls.Single();

    /// <summary>What has come, the last first.</summary>
    public ConcurrentStack<ExportMetricsServiceRequest> Received { get; } = [];

    /// <summary>What it says, the last first.</summary>
    public IEnumerable<Metric> Metrics => Received.SelectMany(static r => r.ResourceMetrics).SelectMany(static r => r.ScopeMetrics)
        .SelectMany(static s => s.Metrics);

    /// <summary>The targets and fields of the requests.</summary>
    public ConcurrentQueue<(string Target, string? Authorization)> Requests { get; } = [];

    /// <summary>How often it has refused.</summary>
    public int Refused => Volatile.Read(ref _refused);

    public static async Task<OtlpReceiver> StartAsync(bool isGrpc, bool refuses = false)
    {
        var receiver = new OtlpReceiver(isGrpc, refuses);
        await receiver._app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits for a sum, and returns the resource that states it and the instrument.</summary>
    public async Task<(Dictionary<string, string> Resource, Metric Metric)> MetricAsync(string name, double value)
    {
        await Testing.Eventually.TrueAsync(() => Find(name, value) is not null, () => $"{name} never was {value}; there are: {Names()}");
        return Find(name, value)!.Value;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private (Dictionary<string, string> Resource, Metric Metric)? Find(string name, double value)
    {
        foreach (var metrics in Received.SelectMany(static r => r.ResourceMetrics))
        {
            if (metrics.ScopeMetrics.SelectMany(static s => s.Metrics).FirstOrDefault(m => m.Name == name) is { } metric
                && (metric.Sum?.DataPoints ?? metric.Gauge?.DataPoints ?? []).Sum(static p => p.AsInt + p.AsDouble) is var sum && sum == value)
            {
                return (metrics.Resource.Attributes.ToDictionary(static a => a.Key, static a => a.Value.StringValue), metric);
            }
        }

        return null;
    }

    private string Names() => string.Join(' ', Metrics.Select(static m => m.Name).Distinct());

    private Task RefuseAsync(HttpContext http)
    {
        Interlocked.Increment(ref _refused);
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
        return Task.CompletedTask;
    }

    private async Task HttpAsync(HttpContext http)
    {
        Take(http, await BodyAsync(http));
        http.Response.ContentType = "application/x-protobuf";
        await http.Response.Body.WriteAsync(new ExportMetricsServiceResponse().ToByteArray());
    }

    // One message: a byte that says that it is not compressed, four that say how long it is, and the message.
    private async Task GrpcAsync(HttpContext http)
    {
        Take(http, (await BodyAsync(http))[5..]);
        http.Response.ContentType = "application/grpc";
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.Body.WriteAsync(new byte[5]);
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private void Take(HttpContext http, byte[] message)
    {
        Requests.Enqueue((http.Request.Path, http.Request.Headers.Authorization));
        Received.Push(ExportMetricsServiceRequest.Parser.ParseFrom(message));
    }

    private static async Task<byte[]> BodyAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body);
        return body.ToArray();
    }
}
