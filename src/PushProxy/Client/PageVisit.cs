using PushProxy.Knowledge;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>The facts of one request for a page, as they are when it arrives. What is delivered is recorded elsewhere.</summary>
/// <param name="Kind">How certain it is that the client will display the page.</param>
/// <param name="NotNavigation">Why the request is not a navigation; <see cref="PageSkip.None"/> if it is one.</param>
/// <param name="Key">The page.</param>
/// <param name="Query">The query string with its question mark; empty if the URL has none.</param>
/// <param name="IsMember">Whether the request carries cookies or authorization.</param>
/// <param name="Knowledge">What is known about the page.</param>
/// <param name="StartedAt">When the request arrived, as a timestamp of the time provider.</param>
internal sealed record PageVisit(
    NavigationKind Kind, PageSkip NotNavigation, PageKey Key, string Query, bool IsMember, PageKnowledge Knowledge, long StartedAt)
{
    /// <summary>The client's connection; null if nothing was known about it when the request arrived.</summary>
    public ClientConnection? Connection { get; init; }

    /// <summary>
    /// The value of the cookie that says what the client has; null if the request has no such cookie or the policy ignores it.
    /// </summary>
    public string? CacheCookie { get; init; }

    /// <summary>
    /// Whether the browser bypasses its cache for the whole page. It may get pushes but gets no hints: Chromium (seen in 156) takes from
    /// its cache what a Link or a 103 tells it to preload, so the user would see the old version again.
    /// </summary>
    public bool IsHardReload { get; init; }

    /// <summary>The newer image types that the client displays, as far as it says.</summary>
    public AcceptedImages Images { get; init; }

    /// <summary>The view that traffic counts; null for most visits.</summary>
    public TrafficView? View { get; init; }
}
