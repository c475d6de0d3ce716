using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PushProxy.Testing;

namespace PushProxy.Load.Link;

/// <summary>
/// <c>link</c>: an emulated link measures itself with a real client, curl: what a TCP handshake over it takes, and a transfer.
/// </summary>
internal static class LinkCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Command Create()
    {
        var shape = new LinkArguments();
        var size = new Option<int>("--size") { Description = "Octets of the transfer.", DefaultValueFactory = static _ => 1_000_000 };
        var json = new Option<FileInfo?>("--json") { Description = "Also write the report there." };
        var command = new Command("link", "Measure the emulated link of pageload: a TCP handshake, a transfer.") { size, json };
        shape.AddTo(command);
        command.SetAction((result, cancellation) => Failures.ReportAsync(() => Isolation.RunAsync(
            () => RunAsync(shape.Read(result), result.GetValue(size), result.GetValue(json), cancellation), cancellation)));
        return command;
    }

    private static async Task<int> RunAsync(LinkShape options, int size, FileInfo? json, CancellationToken cancellation)
    {
        await using var link = await EmulatedLink.StartAsync(options, cancellation);
        using var listener = new TcpListener(IPAddress.Parse(EmulatedLink.ServerAddress), 0);
        listener.Start();
        var serving = ServeAsync(listener, size, cancellation);
        var url = $"http://{listener.LocalEndpoint}/";
        var curl = await ExternalTool.RunAsync(
            link.AtClient[0],
            [
                .. link.AtClient.Skip(1), "curl", "--silent", "--show-error", "--output", "/dev/null",
                "--write-out", "%{time_connect} %{time_total} %{size_download}", url,
            ],
            cancellation);
        if (curl.ExitCode != 0)
        {
            throw new InvalidOperationException($"curl ended with {curl.ExitCode}: {curl.Error.Trim()}");
        }

        await serving;
        var numbers = curl.Output.Split(' ').Select(static n => double.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        var report = new LinkReport(
            options.RoundTrip.TotalMilliseconds, options.Down, options.Up, (long)numbers[2], numbers[0] * 1000, numbers[1] * 1000,
            link.Down.Count, link.Up.Count);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"handshake {report.HandshakeMilliseconds:0.0} ms (RTT {report.RoundTrip} ms); {size:N0} octets in "
            + $"{report.TransferMilliseconds:0.0} ms ({options.Down} Mbit/s)"));
        Console.WriteLine($"down {report.DownCount}; up {report.UpCount}");
        if (json is not null)
        {
            await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(report, Json) + "\n", cancellation);
        }

        return 0;
    }

    // One request, one answer, both as plain as can be.
    private static async Task ServeAsync(TcpListener listener, int size, CancellationToken cancellation)
    {
        using var client = await listener.AcceptTcpClientAsync(cancellation);
        var stream = client.GetStream();
        await stream.ReadAtLeastAsync(new byte[4096], 1, cancellationToken: cancellation);
        await stream.WriteAsync(
            System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {size}\r\nConnection: close\r\n\r\n"), cancellation);
        await stream.WriteAsync(new byte[size], cancellation);
    }
}

/// <summary>What was asked of a link, and what it was.</summary>
internal sealed record LinkReport(
    double RoundTrip, double Down, double Up, long Octets, double HandshakeMilliseconds, double TransferMilliseconds, LinkCount DownCount,
    LinkCount UpCount);
