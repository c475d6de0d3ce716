using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>The bounds of what is learned from traffic. Read at start.</summary>
public sealed record LearningOptions
{
    /// <summary>The memory all learned pages together may take, in bytes (estimated). 16 MiB; 64 KiB to 4 GiB.</summary>
    [Range(64 * 1024L, 4L * 1024 * 1024 * 1024)]
    public long CacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>A page nobody asked for in this time is forgotten. 24 hours; 1 minute to 30 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")]
    public TimeSpan Expiry { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How much of one page is read, in bytes, after content decoding too. 512 KiB; 4 KiB to 16 MiB.</summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int MaxPageBytes { get; init; } = 512 * 1024;

    /// <summary>
    /// The memory all copies of passing pages together may take, in bytes. 32 MiB; 64 KiB to 1 GiB.
    /// A page that finds no room passes and is not learned.
    /// </summary>
    [Range(64 * 1024L, 1024L * 1024 * 1024)]
    public long MaxBufferedBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>Pages waiting to be analysed; one more is dropped. 64; 1 to 4,096.</summary>
    [Range(1, 4096)]
    public int MaxQueuedPages { get; init; } = 64;

    /// <summary>
    /// Variants kept of one path (query strings, and request headers its Vary names); the one longest unused goes. 16; 1 to 256.
    /// </summary>
    [Range(1, 256)]
    public int MaxVariants { get; init; } = 16;

    /// <summary>
    /// The longest pause between two analyses of a page whose bytes change with each response while what it needs does not.
    /// The pause starts at one second and doubles. 1 minute; 0 to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan MaxRelearnPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// How long a page without validators, whose bytes have just been found unchanged, is not looked at again. Each look costs a copy
    /// and a hash of the page; a page asked for a thousand times a second needs one of them. 1 second; 0 to 1 hour.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan RecheckPause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How much of one stylesheet or module is read, in bytes, after content decoding too; a longer one is not read. 2 MiB; 4 KiB to 16
    /// MiB.
    /// </summary>
    [Range(4 * 1024, 16 * 1024 * 1024)]
    public int MaxStylesheetBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>The memory all stylesheets together may take that were fetched to be read, in bytes. 16 MiB; 64 KiB to 1 GiB.</summary>
    [Range(64 * 1024L, 1024L * 1024 * 1024)]
    public long MaxStylesheetCacheBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>
    /// How many clients must have been sent a page that names a resource before others are told of it, for pages that are asked for
    /// with <c>Cookie</c> or <c>Authorization</c>, or set cookies. 2; 1 to 8.
    /// </summary>
    [Range(1, 8)]
    public int SharedBy { get; init; } = 2;

    /// <summary>
    /// How many pages of a folder or route must be known before what they share is expected of one never seen. 3; 2 to 16.
    /// </summary>
    [Range(2, 16)]
    public int TemplatePages { get; init; } = 3;

    /// <summary>How many of a hundred of those pages must name a resource. 100; 50 to 100.</summary>
    [Range(50, 100)]
    public int TemplateAgreementPercent { get; init; } = 100;

    /// <summary>How long after a page was asked for a request counts as made for it. 5 seconds; 100 ms to 1 minute.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00")]
    public TimeSpan TrafficWindow { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How many views must have been watched before browsers' requests confirm or correct what a page was found to need. 8; 2 to 128.
    /// </summary>
    [Range(2, 128)]
    public int TrafficViews { get; init; } = 8;

    /// <summary>What is asked for after this many of a hundred of those views, or more, is delivered from then on. 80; 50 to 100.</summary>
    [Range(50, 100)]
    public int PromotePercent { get; init; } = 80;

    /// <summary>
    /// What is asked for after this many of a hundred views in which it was not delivered, or fewer, is delivered no more. 20; 0 to 49.
    /// </summary>
    [Range(0, 49)]
    public int DemotePercent { get; init; } = 20;

    /// <summary>
    /// In one of so many watched views one resource that nothing waits for is not delivered, to see whether it is asked for all the same.
    /// 16; 2 to 1,024.
    /// </summary>
    [Range(2, 1024)]
    public int HoldOutEvery { get; init; } = 16;
}
