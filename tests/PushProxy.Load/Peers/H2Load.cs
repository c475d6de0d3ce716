using System.Globalization;
using System.Text.RegularExpressions;
using PushProxy.Testing;

namespace PushProxy.Load.Peers;

/// <summary>nghttp2's load generator, which believes nothing: every answer has to be right.</summary>
internal static partial class H2Load
{
    public const int Connections = 8;
    public const int Streams = 10;

    /// <summary>Sends requests over HTTP/2 and TLS.</summary>
    /// <param name="server">Who is to answer.</param>
    /// <param name="path">What is asked for.</param>
    /// <param name="bodySize">Octets of the body that each answer has to have.</param>
    /// <param name="requests">How many.</param>
    /// <param name="processors">Where h2load runs, as taskset has it.</param>
    /// <param name="fields">The header fields that it sends, each as <c>name: value</c>.</param>
    /// <param name="cancellation">Ends h2load.</param>
    /// <returns>Requests a second.</returns>
    /// <exception cref="InvalidOperationException">Not every answer was right; the message says whose.</exception>
    public static async Task<double> RunAsync(
        PeerServer server, string path, long bodySize, int requests, string processors, string[] fields,
        CancellationToken cancellation)
    {
        var run = await ExternalTool.RunAsync(
            "taskset",
            [
                "-c", processors, "h2load", "-n", Number(requests), "-c", Number(Connections), "-m", Number(Streams),
                .. fields.SelectMany(static f => new[] { "-H", f }), new Uri(server.Url, path).AbsoluteUri,
            ],
            cancellation);
        var match = Summary().Match(run.Output);
        if (run.ExitCode != 0 || !match.Success)
        {
            throw new InvalidOperationException(
                $"{server.Peer.Title} {path}: h2load ended with {run.ExitCode}.\n{run.Output}{run.Error}{server.Log}");
        }

        var (succeeded, octets) = (match.Groups["ok"].Value, long.Parse(match.Groups["data"].Value, CultureInfo.InvariantCulture));
        if (match.Groups["protocol"].Value != "h2" || succeeded != Number(requests) || octets != bodySize * requests)
        {
            throw new InvalidOperationException(
                $"{server.Peer.Title} {path}: of {requests} requests {succeeded} were answered, over "
                + $"{match.Groups["protocol"].Value}, and the bodies had {octets} octets "
                + $"instead of {bodySize * requests}.\n{run.Output}{server.Log}");
        }

        return double.Parse(match.Groups["rate"].Value, CultureInfo.InvariantCulture);
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    // It takes a 103 for the status of some answers, so its counts by status say nothing. The octets say whether they were right.
    [GeneratedRegex(
        @"^Application protocol: (?<protocol>\S+).*^finished in [^,]*, (?<rate>[\d.]+) req/s"
        + @".*^requests: .* (?<ok>\d+) succeeded.*^traffic: .* \((?<data>\d+)\) data$",
        RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Summary();
}
