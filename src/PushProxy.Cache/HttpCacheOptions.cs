using System.ComponentModel.DataAnnotations;

namespace PushProxy.Cache;

/// <summary>
/// Limits what the cache keeps. A value outside its range is an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> at
/// start.
/// </summary>
public sealed record HttpCacheOptions
{
    /// <summary>
    /// The memory for all stored responses, in bytes: bodies, header fields and what the index takes. The default is 128 MiB. The range is
    /// 64 KiB to 64 GiB.
    /// </summary>
    [Range(64 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxBytes { get; set; } = 128 * 1024 * 1024;

    /// <summary>The longest body that is stored, in bytes. The default is 8 MiB. The range is 1 KiB to 1 GiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The memory for all bodies that are on their way from the origin and may be stored, in bytes, beside <see cref="MaxBytes"/>. A
    /// response for whose body there is no memory is not stored, and nobody else waits for it. So no longer body is stored. The default is
    /// 64 MiB. The range is 64 KiB to 64 GiB.
    /// </summary>
    [Range(64 * 1024, 64L * 1024 * 1024 * 1024)]
    public long MaxBytesUnderWay { get; set; } = 64 * 1024 * 1024;

    /// <summary>
    /// How many responses of one URL are kept side by side, if they vary by request fields. Of more, the one unused for the longest time
    /// goes. The default is 16. The range is 1 to 256.
    /// </summary>
    [Range(1, 256)]
    public int MaxVariants { get; set; } = 16;

    /// <summary>
    /// How long a response is kept after it came or was validated, however fresh it is. The default is 1 day. The range is 1 second to 365
    /// days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan MaxRetention { get; set; } = TimeSpan.FromDays(1);

    /// <summary>
    /// The longest time that a response counts as fresh if it says nothing but Last-Modified (RFC 9111 §4.2.2). It applies to assets that
    /// were fetched without cookies, or say that they are public. The default is 60 seconds; 0 switches the guess off. The range is 0 to 1
    /// day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxHeuristicLifetime { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long after its end of freshness a response may be used if the origin fails: it does not answer, or answers 500, 502, 503 or 504
    /// (RFC 9111 §4.2.4). What the response says itself, <c>stale-if-error</c>, <c>must-revalidate</c>, comes first. The default is 60
    /// seconds; 0 allows it only where the response does. The range is 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan MaxStaleOnError { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// A client that reloads (<c>no-cache</c>, <c>max-age=0</c>) is answered from the store if the response came or was validated within
    /// this time. What is older is validated first. So a reload shows what is new, but clients can't make the origin work more than once in
    /// this time for each URL. The default is 10 seconds. The range is 0 to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ReloadPause { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After a response that was for one client alone, requests for its URL do not wait for each other for this time. The default is 1
    /// minute. The range is 1 second to 1 day.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ForOnePause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How many responses are validated or fetched in the background at the same time (RFC 5861 §3). The default is 16. The range is 1 to
    /// 1,024.
    /// </summary>
    [Range(1, 1024)]
    public int MaxBackgroundRequests { get; set; } = 16;

    /// <summary>
    /// How long one background request may take. A body that is to be stored may go on for <see cref="UnreadTimeout"/> after that. The
    /// default is 30 seconds. The range is 1 second to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan BackgroundTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a body that is to be stored may go on once nobody waits for it any more: its last client has gone, or has it already. Then
    /// the request to the origin ends, and nothing is stored. While a client reads, nothing ends. The default is 1 minute; 0 ends it at
    /// once. The range is 0 to 10 minutes.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:10:00")]
    public TimeSpan UnreadTimeout { get; set; } = TimeSpan.FromMinutes(1);
}
