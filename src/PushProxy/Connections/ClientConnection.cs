using System.Collections.Concurrent;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using PushProxy.ClientCache;
using PushProxy.Traffic;

namespace PushProxy.Connections;

/// <summary>What is kept of one client's connection as long as it is open: the pushes under way, their pacing, and what the client has.</summary>
internal sealed class ClientConnection
{
    private static readonly object Key = new();
    /// <summary>Hinted resources remembered until they are asked for; when there are more, the older ones were not wanted.</summary>
    private const int MaxHinted = 128;

    private readonly ConcurrentDictionary<string, PushedResource> _underWay = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, PushedResource> _hinted = new(StringComparer.Ordinal);
    private readonly Socket? _socket;
    private int _pages;

    private ClientConnection(Socket? socket, PacingLoad load, ClientCacheOptions cache, TimeProvider time)
    {
        _socket = socket;
        Cache = new ConnectionCache(cache.MaxConnectionEntries);
        Schedule = new PushSchedule(() => TcpInfo.Read(_socket), load, time);
    }

    public PushSchedule Schedule { get; }

    /// <summary>What is known of the client's cache from what happened here.</summary>
    public ConnectionCache Cache { get; }

    /// <summary>The page views on it that are watched.</summary>
    public RecentViews Views { get; } = new();

    /// <summary>The path to the client now; what is assumed where TCP tells nothing.</summary>
    public LinkState Link => TcpInfo.Read(_socket) ?? LinkState.Default;

    /// <summary>The connection of a request, if something is kept of it; null for most.</summary>
    public static ClientConnection? Find(HttpContext http)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is not { } feature)
        {
            return null;
        }

        // Requests of one connection run at the same time, and its items are a plain dictionary.
        lock (feature)
        {
            return feature.Items.TryGetValue(Key, out var value) ? (ClientConnection?)value : null;
        }
    }

    /// <summary>The connection of a request; null where the server has no connections (a test host).</summary>
    public static ClientConnection? FindOrAdd(HttpContext http, PacingLoad load, ClientCacheOptions cache, TimeProvider time)
    {
        if (http.Features.Get<IConnectionItemsFeature>() is not { } feature)
        {
            return null;
        }

        lock (feature)
        {
            if (feature.Items.TryGetValue(Key, out var value))
            {
                return (ClientConnection?)value;
            }

            var made = new ClientConnection(http.Features.Get<IConnectionSocketFeature>()?.Socket, load, cache, time);
            feature.Items[Key] = made;
            return made;
        }
    }

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
