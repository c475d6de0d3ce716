using PushProxy.Analysis;
using PushProxy.Client.Pacing;
using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Client;

/// <summary>One resource that was pushed or hinted to one client.</summary>
/// <param name="target">The path and query, as promised.</param>
/// <param name="resource">The resource.</param>
/// <param name="order">The rank of the response on its connection.</param>
/// <param name="state">What is known about the resource; null if no learned page names it any more.</param>
internal sealed class PushedResource(string target, CriticalResource resource, PushOrder order, ResourceState? state)
{
    public string Target { get; } = target;

    public CriticalResource Resource { get; } = resource;

    public PushOrder Order { get; } = order;

    /// <summary>What is known about the resource; null if no learned page names it any more.</summary>
    public ResourceState? State { get; } = state;

    /// <summary>The path of the page that it is pushed with; null if nothing is known about the path.</summary>
    public LearnedPath? Page { get; init; }

    /// <summary>The bytes of content that are allowed for, so far.</summary>
    public long AllowedBytes { get; set; } = long.MaxValue;

    /// <summary>Asks for room for more bytes of content than were allowed for; null if any number may come.</summary>
    public Func<long, bool>? TryTakeMore { get; init; }

    /// <summary>Returns whether content of this size may be pushed. If not, the push has to end.</summary>
    public bool Allows(long bytes)
    {
        if (bytes <= AllowedBytes || TryTakeMore is null)
        {
            return true;
        }

        if (!TryTakeMore(bytes - AllowedBytes))
        {
            return false;
        }

        AllowedBytes = bytes;
        return true;
    }

    /// <summary>The page that a 103 named it for, before that page began; null if no 103 named it.</summary>
    public AwaitedPage? NamedBefore { get; init; }

    /// <summary>Whether the head of the response has come.</summary>
    public bool IsReady { get; set; }

    /// <summary>
    /// Whether the client has credentials that the promised request lacks. Then the response may set no cookies: they would replace the
    /// client's own.
    /// </summary>
    public bool IsAskedForAnybody { get; init; }

    /// <summary>The version of the response; null before its head has come, and if the response names no version.</summary>
    public ResourceVersion? Version { get; set; }

    /// <summary>Returns the hash of the content that was sent, if the origin names no version; null if the origin names one.</summary>
    public Func<UInt128?>? ContentHash { get; set; }

    /// <summary>How long the client may use the response.</summary>
    public Freshness Freshness { get; set; }
}
