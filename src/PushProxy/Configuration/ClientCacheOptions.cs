using System.ComponentModel.DataAnnotations;

namespace PushProxy;

/// <summary>
/// Limits what PushProxy remembers of each client's cache. The values are read only at start. A value outside its range is an
/// <see cref="Microsoft.Extensions.Options.OptionsValidationException"/> at start.
/// </summary>
public sealed record ClientCacheOptions
{
    /// <summary>
    /// The maximum number of resources remembered for one connection. When it is reached, the resource unused for the longest time is
    /// removed. The default is 256. The range is 16 to 4,096.
    /// </summary>
    [Range(16, 4096)]
    public int MaxConnectionEntries { get; init; } = 256;

    /// <summary>
    /// The maximum number of resources that the cookie remembers. When it is reached, the resources that expire soonest are removed. The
    /// default is 200. The range is 1 to 300. The more resources the cookie holds, the more often it takes another resource for one of
    /// them: with 300, one lookup in 200 is wrong.
    /// </summary>
    [Range(1, 300)]
    public int MaxCookieEntries { get; init; } = 200;

    /// <summary>
    /// The maximum length of the cookie, name and value together, in bytes. The default is 512. The range is 128 to 1,024. 512 bytes hold
    /// 100 resources with any expiry times, or 300 resources that expire together.
    /// </summary>
    [Range(128, 1024)]
    public int MaxCookieBytes { get; init; } = 512;

    /// <summary>
    /// The longest time that a response without an explicit lifetime counts as fresh. Such a response is fresh for 10 % of the time since
    /// its Last-Modified (RFC 9111 §4.2.2). The default is 1 day. The range is 0 to 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan MaxHeuristicLifetime { get; init; } = TimeSpan.FromDays(1);

    /// <summary>
    /// How long a client is believed to have a copy that it may not use without asking. Such a resource is not pushed but linked, so that
    /// the client can ask whether its copy is still the current version (RFC 9111 §4.3). The default is 1 day. The range is 0 to 7 days.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")]
    public TimeSpan StaleLifetime { get; init; } = TimeSpan.FromDays(1);
}
