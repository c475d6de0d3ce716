using System.Globalization;

namespace PushProxy.Load.Views;

/// <summary>How figures and names are written, on the console and in the report.</summary>
internal static class Words
{
    /// <summary>What a protocol is called.</summary>
    public static string Of(VisitProtocol protocol) => protocol switch
    {
        VisitProtocol.Http1 => "HTTP/1.1",
        VisitProtocol.Http2 => "HTTP/2",
        _ => "HTTP/2 with push",
    };

    /// <summary>What a kind of error is, for one or many of them.</summary>
    public static string OfError(string kind) => kind switch
    {
        "status" => "error status (400 or above)",
        "connect" => "no connection",
        "tls" => "no secure connection, or no HTTP/2",
        "lost" => "connection closed during a request",
        "reset" => "stream reset by the server",
        "truncated" => "body cut off",
        "timeout" => "not complete in time",
        "protocol" => "no proper HTTP",
        "redirect" => "redirect to another site, or in circles",
        _ => kind,
    };

    /// <summary>A count: 12,345.</summary>
    public static string Count(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>Three digits or so: 0.42, 4.2, 42, 4,200.</summary>
    public static string Figure(double value) => value switch
    {
        0 => "0",
        < 1 => value.ToString("0.##", CultureInfo.InvariantCulture),
        < 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => Count(value),
    };

    /// <summary>The same, or a dash where there is none.</summary>
    public static string Figure(double? value) => value is { } there ? Figure(there) : ComparedFigure.None;

    /// <summary>Milliseconds, with their unit; seconds from ten thousand on.</summary>
    public static string Milliseconds(double value) => value >= 10_000 ? $"{Figure(value / 1000)} s" : $"{Figure(value)} ms";

    /// <summary>The same, or a dash where there are none.</summary>
    public static string Milliseconds(double? value) => value is { } there ? Milliseconds(there) : ComparedFigure.None;

    /// <summary>What a dash stands for, wherever percentiles are shown.</summary>
    public static string Dashes { get; } =
        $"{ComparedFigure.None}: too few views for it. Half needs {Latency.Needed(50)}, 9 of 10 needs {Latency.Needed(90)}, "
        + $"99 of 100 needs {Latency.Needed(99)}.";

    /// <summary>Bytes in the unit that suits them.</summary>
    public static string Bytes(double value) => value switch
    {
        < 1000 => $"{Count(value)} B",
        < 1e6 => $"{Figure(value / 1e3)} kB",
        < 1e9 => $"{Figure(value / 1e6)} MB",
        _ => $"{Figure(value / 1e9)} GB",
    };

    /// <summary>A part of a whole, in percent.</summary>
    public static string Share(double part, double whole) => whole == 0 ? "–" : $"{Figure(100 * part / whole)} %";
}
