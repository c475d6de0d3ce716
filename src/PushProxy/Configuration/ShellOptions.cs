using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>
/// Limits shells: what pages begin with for everyone, and what is sent of it before the origin answers. The values are read only at start.
/// A value outside its range is an <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> at start.
/// </summary>
public sealed record ShellOptions
{
    /// <summary>
    /// How many answers in a row must agree with a shell before it is sent. The default is 1,000. The range is 1 to 1,000,000.
    /// </summary>
    [Range(1, 1_000_000)]
    public int After { get; init; } = 1000;

    /// <summary>
    /// How many views of a page must begin alike before what they share is a shell. The default is 8. The range is 2 to 1,024.
    /// </summary>
    [Range(2, 1024)]
    public int Views { get; init; } = 8;

    /// <summary>
    /// From how many different networks those views must come: the first 24 bits of an IPv4 address, the first 48 of an IPv6 address. Four
    /// times as many must prove the shell before it is sent. The default is 2. The range is 1 to 64. If it is 1, one client can decide what
    /// others are sent.
    /// </summary>
    [Range(1, 64)]
    public int Clients { get; init; } = 2;

    /// <summary>The maximum size of a shell, in bytes of content. The default is 32 KiB. The range is 512 bytes to 256 KiB.</summary>
    [Range(512, 256 * 1024)]
    public int MaxBytes { get; init; } = 32 * 1024;

    /// <summary>
    /// The maximum memory for all shells together, in bytes. When it is reached, those unused for the longest time are forgotten. The
    /// default is 16 MiB. The range is 64 KiB to 1 GiB.
    /// </summary>
    [Range(64 * 1024L, 1024L * 1024 * 1024)]
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How long the origin must usually take for a page before its shell is sent. What comes sooner gains nothing. The default is 50 ms.
    /// The range is 0 to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan MinThinkTime { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// Whether visitors who send cookies or authorization get shells too: of what pages begin with for several such visitors. The default
    /// is false.
    /// </summary>
    public bool WithCookies { get; init; }

    /// <summary>
    /// How long the origin's answer is kept for a client that was sent a wrong shell and loads the page again. The default is 10 seconds.
    /// The range is 1 second to 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")]
    public TimeSpan KeptTime { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum number of answers kept like that at the same time. Beyond it, the origin is asked a second time. The default is 64. The
    /// range is 1 to 4,096.
    /// </summary>
    [Range(1, 4096)]
    public int MaxKeptAnswers { get; init; } = 64;

    /// <summary>
    /// How much of such an answer is held before its client fetches it, in bytes. The rest waits at the origin. The default is 256 KiB. The
    /// range is 16 KiB to 16 MiB.
    /// </summary>
    [Range(16 * 1024, 16 * 1024 * 1024)]
    public int MaxKeptBytes { get; init; } = 256 * 1024;
}
