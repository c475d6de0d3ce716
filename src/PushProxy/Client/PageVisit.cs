using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>The facts of one request for a page, as they are when it comes. What is delivered is recorded elsewhere.</summary>
/// <param name="Kind">How sure it is that the client will display the page.</param>
/// <param name="NotNavigation">Why the request is no navigation; <see cref="PageSkip.None"/> when it is one.</param>
/// <param name="Key">Which page.</param>
/// <param name="Query">The query string with its question mark; empty when there is none.</param>
/// <param name="IsMember">Whether the request carries cookies or authorization.</param>
/// <param name="Knowledge">What is known of the page.</param>
/// <param name="StartedAt">When the request came; a timestamp of the time provider.</param>
internal sealed record PageVisit(
    NavigationKind Kind, PageSkip NotNavigation, PageKey Key, string Query, bool IsMember, PageKnowledge Knowledge, long StartedAt)
{
    /// <summary>The client's connection; null when nothing was kept of it as the request came.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>The value of the cookie that says what the client has; null when there is none, or the policy ignores it.</summary>
    public string? CacheCookie { get; init; }

    /// <summary>
    /// Whether the browser fetches all of the page past its cache. It may be pushed to, but gets no hints: Chromium (seen in 156) takes
    /// from its cache what a Link or a 103 tells it to preload, so the user would see the old version again.
    /// </summary>
    public bool IsHardReload { get; init; }

    /// <summary>The same view as traffic counts it; null for most.</summary>
    public TrafficView? View { get; init; }
}
