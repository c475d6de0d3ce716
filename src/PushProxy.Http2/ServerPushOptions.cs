using System.ComponentModel.DataAnnotations;

namespace PushProxy.Http2;

/// <summary>Limits on what server push and 1xx responses may cost a connection.</summary>
public sealed class ServerPushOptions
{
    /// <summary>
    /// The most pushes on one connection at a time, whether they wait, are promised, or are being served. 0 turns push off. The client's
    /// SETTINGS_MAX_CONCURRENT_STREAMS and three quarters of Kestrel's <c>MaxStreamsPerConnection</c> limit them as well.
    /// Default 32; 0 to 256.
    /// </summary>
    [Range(0, 256)]
    public int MaxPushesInFlight { get; set; } = 32;

    /// <summary>
    /// The most pushes at a time on all connections of the server together, whether they wait, are promised, or are being served. Each
    /// may keep the response buffers of the server and the application while it waits for the client's window: with Kestrel and YARP
    /// about 170 kB. Default 512; 1 to 65,536.
    /// </summary>
    [Range(1, 65_536)]
    public int MaxPushesInAll { get; set; } = 512;

    /// <summary>
    /// How long a pushed response that has begun may bring the client nothing, because the client opens no window (RFC 9113 §5.2) or
    /// nothing more comes. Then it is reset with CANCEL, within a second. Default 10 seconds; 1 second to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan StallTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The largest encoded header block of a promise or a 1xx response, in octets. Default 8,192; 256 to 32,768.</summary>
    [Range(256, 32_768)]
    public int MaxHeaderBytes { get; set; } = 8_192;

    /// <summary>
    /// The most octets of header blocks that wait on one connection to be written: the memory that pushes and 1xx responses may take.
    /// Default 65,536; 1,024 to 1,048,576.
    /// </summary>
    [Range(1_024, 1_048_576)]
    public int MaxQueuedBytes { get; set; } = 65_536;

    /// <summary>
    /// Whether 1xx responses are sent over HTTP/1.1 as well. Many HTTP/1.1 clients and intermediaries fail on them. Default false.
    /// HTTP/1.0 clients never get one (RFC 9110 §15.2).
    /// </summary>
    public bool InformationalOverHttp1 { get; set; }
}
