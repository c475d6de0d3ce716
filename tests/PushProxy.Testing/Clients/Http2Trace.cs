using System.Globalization;
using System.Text.RegularExpressions;

namespace PushProxy.Testing.Clients;

/// <summary>The frames of one HTTP/2 connection as a client from outside printed them, and what they say of one page.</summary>
public sealed partial class Http2Trace
{
    private readonly List<Http2Frame> _frames = [];

    private Http2Trace(string text) => Text = text;

    /// <summary>What the client printed.</summary>
    public string Text { get; }

    /// <summary>All frames in the order they were seen.</summary>
    public IReadOnlyList<Http2Frame> Frames => _frames;

    /// <summary>The page's stream; 0 before it was asked for.</summary>
    public int PageStream => _frames.Find(f => f is { Sent: true, Type: "HEADERS" })?.Stream ?? 0;

    /// <summary>The page's final response; null before it has come.</summary>
    public Http2Frame? Page => OnPage("HEADERS").FirstOrDefault(f => f.Status is >= 200);

    /// <summary>The page's 103 responses.</summary>
    public IReadOnlyList<Http2Frame> Hints => [.. OnPage("HEADERS").Where(f => f.Status is 103)];

    /// <summary>What was promised, in the order of the promises.</summary>
    public IReadOnlyList<Http2Frame> Promises => [.. _frames.Where(f => f is { Sent: false, Type: "PUSH_PROMISE" })];

    /// <summary>The paths of <see cref="Promises"/>.</summary>
    public IEnumerable<string> Promised => Promises.Select(p => p[":path"]!);

    /// <summary>How many bytes of content the page has so far.</summary>
    public int PageBytes => BytesOn(PageStream);

    /// <summary>How the page's stream ended: <c>complete</c>, an error code, or null when it has not.</summary>
    public string? PageEnd => EndOf(PageStream);

    /// <summary>What stands in the client's way: connection errors in either direction.</summary>
    public IEnumerable<string> Errors => _frames
        .Where(
            f => f.Type == "GOAWAY"
                && f.Detail.Contains("error_code=", StringComparison.Ordinal)
                && !f.Detail.Contains("NO_ERROR", StringComparison.Ordinal))
        .Select(f => $"{f.Type} {f.Detail}");

    /// <summary>What became of a promised resource; null when it was not promised.</summary>
    public PushedAnswer? Pushed(string path)
    {
        var promise = Promises.FirstOrDefault(p => p[":path"] == path);
        if (promise is null)
        {
            return null;
        }

        var stream = promise.PromisedStream;
        var answer = _frames.Find(f => f is { Sent: false, Type: "HEADERS" } && f.Stream == stream);
        return new PushedAnswer(promise, answer, BytesOn(stream), EndOf(stream));
    }

    /// <summary>The position of a frame among all.</summary>
    public int IndexOf(Http2Frame frame) => _frames.IndexOf(frame);

    /// <summary>Reads the output of <c>nghttp -v</c>, whole or so far.</summary>
    public static Http2Trace Parse(string output)
    {
        var trace = new Http2Trace(output);
        var fields = new List<(string, string)>();
        Http2Frame? last = null;
        foreach (var line in output.Split('\n'))
        {
            if (FieldLine().Match(line) is { Success: true } field)
            {
                fields.Add((field.Groups["name"].Value, field.Groups["value"].Value));
            }
            else if (FrameLine().Match(line) is { Success: true } frame)
            {
                last = new Http2Frame(
                    frame.Groups["direction"].Value == "send", frame.Groups["type"].Value, Number(frame, "stream"), Number(frame, "length"),
                    [.. fields]);
                fields.Clear();
                trace._frames.Add(last);
            }
            else if (last is not null && line.StartsWith(' '))
            {
                last.Add(line.Trim());
            }
        }

        return trace;
    }

    /// <inheritdoc/>
    public override string ToString() => Text;

    private IEnumerable<Http2Frame> OnPage(string type) => _frames.Where(f => !f.Sent && f.Type == type && f.Stream == PageStream);

    private int BytesOn(int stream) => _frames.Where(f => f is { Sent: false, Type: "DATA" } && f.Stream == stream).Sum(f => f.Length);

    private string? EndOf(int stream)
    {
        var frames = _frames.Where(f => !f.Sent && f.Stream == stream).ToList();
        return frames.Find(f => f.Type == "RST_STREAM") is { } reset ? ErrorCode().Match(reset.Detail).Groups[1].Value
            : frames.Exists(f => f.Type is "DATA" or "HEADERS" && f.Detail.Contains("END_STREAM", StringComparison.Ordinal)) ? "complete"
            : null;
    }

    private static int Number(Match match, string group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\[ *[\d.]+\] recv \(stream_id=\d+(, sensitive)?\) (?<name>:?[^:]+): ?(?<value>.*)$")]
    private static partial Regex FieldLine();

    [GeneratedRegex(
        @"^\[ *[\d.]+\] (?<direction>send|recv) (?<type>[A-Z_]+) frame "
        + @"<length=(?<length>\d+), flags=0x[0-9a-f]+, stream_id=(?<stream>\d+)>")]
    private static partial Regex FrameLine();

    [GeneratedRegex(@"error_code=([A-Z_]+)")]
    private static partial Regex ErrorCode();
}

/// <summary>What became of a push.</summary>
/// <param name="Promise">The PUSH_PROMISE.</param>
/// <param name="Answer">The HEADERS of its response; null when none came.</param>
/// <param name="Bytes">Content so far.</param>
/// <param name="End"><c>complete</c>, the error code of its RST_STREAM, or null when it has not ended.</param>
public sealed record PushedAnswer(Http2Frame Promise, Http2Frame? Answer, int Bytes, string? End);
