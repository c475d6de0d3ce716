using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>The bounds of what is remembered of a client's cache. Read at start.</summary>
public sealed record ClientCacheOptions
{
    /// <summary>Resources remembered of one connection; the one longest unused makes room. 256; 16 to 4,096.</summary>
    [Range(16, 4096)]
    public int MaxConnectionEntries { get; init; } = 256;

    /// <summary>
    /// Resources the cookie remembers; those that expire soonest make room. 200; 1 to 300. The more, the more often one of them is
    /// taken for another: at 300 in one of 200 questions.
    /// </summary>
    [Range(1, 300)]
    public int MaxCookieEntries { get; init; } = 200;

    /// <summary>
    /// The longest the cookie gets, name and value, in bytes. 512; 128 to 1,024. 512 hold 100 resources whatever their expiry, and 300
    /// that expire together.
    /// </summary>
    [Range(128, 1024)]
    public int MaxCookieBytes { get; init; } = 512;

    /// <summary>
    /// The longest a response without explicit lifetime counts as fresh (RFC 9111 §4.2.2: 10 % of its age). 1 day; 0 to 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxHeuristicLifetime { get; init; } = TimeSpan.FromDays(1);
}
