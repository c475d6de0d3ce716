using System.Net.Sockets;
using PushProxy.Client.Arms;
using PushProxy.Client.Cached;
using PushProxy.Client.Pacing;
using PushProxy.Knowledge.Traffic;

namespace PushProxy.Client;

/// <summary>
/// Holds what the proxy knows about one client's connection while it is open: the pushes under way, their pacing, and what the client has.
/// </summary>
/// <param name="socket">The connection's socket; null if the server has none.</param>
/// <param name="load">Limits the processor time that all connections together spend on pacing.</param>
/// <param name="cache">Limits what is remembered of the client's cache.</param>
/// <param name="time">The clock.</param>
internal sealed class ClientConnection(Socket? socket, PacingLoad load, ClientCacheOptions cache, TimeProvider time)
{
    /// <summary>
    /// The maximum number of hinted resources remembered until the client requests them. When it is reached, all are forgotten, because the
    /// client did not want the older ones.
    /// </summary>
    private const int MaxHinted = 128;

    // Most connections live long after their last page. So what only pushes and hints need is made when there are some.
    private readonly Lock _lock = new();
    private Dictionary<string, PushedResource>? _underWay;
    private Dictionary<string, PushedResource>? _hinted;
    private PushSchedule? _schedule;
    private volatile bool _hasHinted;
    private volatile bool _followsHints;
    private int _pages;
    private ViewTiming? _view;
    private int _views;

    /// <summary>The pacing of what is sent early.</summary>
    public PushSchedule Schedule => Volatile.Read(ref _schedule) ?? MakeSchedule();

    /// <summary>What this connection tells about the client's cache.</summary>
    public ConnectionCache Cache { get; } = new(cache.MaxConnectionEntries, cache.StaleLifetime);

    /// <summary>The watched page views of this connection.</summary>
    public RecentViews Views { get; } = new();

    /// <summary>The path to the client now. If TCP tells nothing, it is <see cref="LinkState.Default"/>.</summary>
    public LinkState Link => TcpInfo.Read(socket) ?? LinkState.Default;

    /// <summary>How far the bytes written to the client have come; null if TCP tells nothing.</summary>
    public SentBytes? SentBytes => TcpInfo.ReadBytes(socket);

    /// <summary>The newest page view of this connection that is measured; null if none is.</summary>
    public ViewTiming? View
    {
        get => Volatile.Read(ref _view);
        set => Volatile.Write(ref _view, value);
    }

    /// <summary>Whether anything was ever pushed on this connection. If not, none of its requests was promised.</summary>
    public bool HasPushed { get; private set; }

    /// <summary>Whether the client has been hinted resources that it has not requested yet.</summary>
    public bool HasHinted => _hasHinted;

    /// <summary>Whether the client has requested what a 103 named before the page itself could name it.</summary>
    public bool FollowsHints => _followsHints;

    /// <summary>Notes that a page is viewed.</summary>
    /// <returns>Whether it is the first one of this connection.</returns>
    public bool ViewCame() => Interlocked.Exchange(ref _views, 1) == 0;

    /// <summary>Ends the measuring of a view.</summary>
    public void EndView(ViewTiming view) => Interlocked.CompareExchange(ref _view, null, view);

    /// <summary>Notes what the client requests. Only a request for what was hinted tells something.</summary>
    public void Requested(string target)
    {
        if (_followsHints || !_hasHinted)
        {
            return;
        }

        lock (_lock)
        {
            // Never back: another request may have shown it meanwhile. Once the page has begun, it may itself have named the resource.
            _followsHints |= _hinted?.GetValueOrDefault(target)?.NamedBefore is { HasBegun: false };
        }
    }

    /// <summary>Returns a new number for a requested page.</summary>
    public int NextPage() => Interlocked.Increment(ref _pages);

    /// <summary>Notes a push before it is promised, so that its request finds it however soon it comes.</summary>
    /// <returns>False if a push of the same resource is under way.</returns>
    public bool TryBegin(PushedResource resource)
    {
        lock (_lock)
        {
            if (!(_underWay ??= new(StringComparer.Ordinal)).TryAdd(resource.Target, resource))
            {
                return false;
            }
        }

        HasPushed = true;
        Schedule.Begun(resource.Order);
        return true;
    }

    /// <summary>Returns the push of a target that is under way; null if there is no such push.</summary>
    public PushedResource? UnderWay(string target)
    {
        lock (_lock)
        {
            return _underWay?.GetValueOrDefault(target);
        }
    }

    /// <summary>Notes that the client was told of a resource and will request it while its page is still to come.</summary>
    public void Hint(PushedResource resource)
    {
        lock (_lock)
        {
            if (_hinted is { Count: >= MaxHinted })
            {
                _hinted.Clear();
            }

            (_hinted ??= new(StringComparer.Ordinal))[resource.Target] = resource;
            _hasHinted = true;
        }
    }

    /// <summary>
    /// Returns whether a render-blocking resource of a page was promised or hinted, and its response has not come. The client may have
    /// asked for it just now.
    /// </summary>
    /// <param name="page">The number of the page.</param>
    public bool ExpectsBlocking(int page)
    {
        lock (_lock)
        {
            return IsAwaited(_hinted) || IsAwaited(_underWay);
        }

        bool IsAwaited(Dictionary<string, PushedResource>? resources) =>
            resources?.Values.Any(r => r.Order.IsBlocking && r.Order.Page == page && !r.IsReady) == true;
    }

    /// <summary>
    /// Removes and returns the hint that a request follows; null if it follows none. A second request for the same target follows none.
    /// </summary>
    public PushedResource? TakeHinted(string target)
    {
        lock (_lock)
        {
            if (_hinted is null || !_hinted.Remove(target, out var resource))
            {
                return null;
            }

            if (_hinted.Count == 0)
            {
                (_hinted, _hasHinted) = (null, false);
            }

            return resource;
        }
    }

    /// <summary>Ends a push that is complete or was never promised.</summary>
    public void End(PushedResource resource)
    {
        lock (_lock)
        {
            if (_underWay is null || _underWay.GetValueOrDefault(resource.Target) != resource)
            {
                return;
            }

            _underWay.Remove(resource.Target);
            _underWay = _underWay.Count == 0 ? null : _underWay;
        }

        Schedule.Ended(resource.Order);
    }

    private PushSchedule MakeSchedule()
    {
        lock (_lock)
        {
            return _schedule ??= new(() => TcpInfo.Read(socket), load, time);
        }
    }
}
