using System.Collections.Concurrent;
using System.Net.Sockets;
using PushProxy.Client.Cached;
using PushProxy.Client.Pacing;
using PushProxy.Knowledge.Traffic;

namespace PushProxy.Client;

/// <summary>
/// What is kept of one client's connection as long as it is open: the pushes under way, their pacing, and what the client has.
/// </summary>
/// <param name="socket">Its socket; null where the server has none.</param>
/// <param name="load">What all connections together spend on pacing.</param>
/// <param name="cache">The bounds of what is remembered.</param>
/// <param name="time">The clock.</param>
internal sealed class ClientConnection(Socket? socket, PacingLoad load, ClientCacheOptions cache, TimeProvider time)
{
    /// <summary>Hinted resources remembered until they are asked for; when there are more, the older ones were not wanted.</summary>
    private const int MaxHinted = 128;

    private readonly ConcurrentDictionary<string, PushedResource> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushedResource> _hinted = new(StringComparer.Ordinal);
    private int _pages;

    public PushSchedule Schedule { get; } = new(() => TcpInfo.Read(socket), load, time);

    /// <summary>What is known of the client's cache from what happened here.</summary>
    public ConnectionCache Cache { get; } = new(cache.MaxConnectionEntries);

    /// <summary>The page views on it that are watched.</summary>
    public RecentViews Views { get; } = new();

    /// <summary>The path to the client now; what is assumed where TCP tells nothing.</summary>
    public LinkState Link => TcpInfo.Read(socket) ?? LinkState.Default;

    /// <summary>Whether it was ever pushed to: if not, none of its requests is one that was promised.</summary>
    public bool HasPushed { get; private set; }

    /// <summary>Whether there are hints that nobody followed yet.</summary>
    public bool HasHinted => !_hinted.IsEmpty;

    /// <summary>The number of a page that is asked for.</summary>
    public int NextPage() => Interlocked.Increment(ref _pages);

    /// <summary>Notes a push before it is promised, so that its request finds it however soon it comes.</summary>
    /// <returns>False when the same is under way already.</returns>
    public bool TryBegin(PushedResource resource)
    {
        if (!_underWay.TryAdd(resource.Target, resource))
        {
            return false;
        }

        HasPushed = true;
        Schedule.Begun(resource.Order);
        return true;
    }

    /// <summary>The push of a target that is under way.</summary>
    public PushedResource? UnderWay(string target) => _underWay.GetValueOrDefault(target);

    /// <summary>Notes that the client was told of a resource, and will ask for it while its page is still to come.</summary>
    public void Hint(PushedResource resource)
    {
        if (_hinted.Count >= MaxHinted)
        {
            _hinted.Clear();
        }

        _hinted[resource.Target] = resource;
    }

    /// <summary>The hint that a request follows, if it follows one; a second request follows none.</summary>
    public PushedResource? TakeHinted(string target) => _hinted.TryRemove(target, out var resource) ? resource : null;

    /// <summary>It has ended, or was never promised.</summary>
    public void End(PushedResource resource)
    {
        if (_underWay.TryRemove(new(resource.Target, resource)))
        {
            Schedule.Ended(resource.Order);
        }
    }
}
