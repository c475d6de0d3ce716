using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Proof;

namespace PushProxy.Client.Arms;

/// <summary>
/// Measures one page view as its proxy sees it: until the page's first byte and everything that blocks display have reached the client,
/// whoever asked for it, the client or the proxy. What the client does not request, it has.
/// </summary>
/// <param name="group">What the view counts for.</param>
/// <param name="page">What the page needs.</param>
/// <param name="authority">The site that the page is of.</param>
/// <param name="startedAt">When the request arrived, as a timestamp of the time provider.</param>
/// <param name="before">What the connection had been written before; negative if that is not known.</param>
internal sealed class ViewTiming(ViewGroup group, LearnedPage page, string authority, long startedAt, long before)
{
    private readonly Lock _lock = new();
    private long _pageAt = -1;
    private long _lastAt = -1;
    private long _written = -1;
    private int _underWay;
    private bool _isBroken;
    private bool _hasEnded;
    private HashSet<int>? _missing;

    public ViewGroup Group { get; } = group;

    /// <summary>Whether the visitor has reloaded the page.</summary>
    public bool IsReload { get; init; }

    /// <summary>Whether the view has ended.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _hasEnded;
            }
        }
    }

    public long StartedAt { get; } = startedAt;

    /// <summary>When the page's first byte left, as a timestamp; negative if it has not.</summary>
    public long FirstByteAt { get; private set; } = -1;

    /// <summary>Called once, when nothing is missing any more.</summary>
    public Action<ViewTiming>? Completed { get; set; }

    /// <summary>Returns which of the page's resources that hold up its display a request is for; negative if it is for none.</summary>
    /// <param name="host">The request's host.</param>
    /// <param name="target">The request's target.</param>
    public int BlockedBy(string host, string target)
    {
        if (!host.Equals(authority, StringComparison.OrdinalIgnoreCase))
        {
            return -1;
        }

        var resources = page.Analysis.Resources;
        for (var i = 0; i < resources.Count; i++)
        {
            if (IsBlocking(resources[i]) && string.Equals(resources[i].Url.PathAndQuery, target, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>The page's first byte leaves.</summary>
    /// <param name="now">A timestamp.</param>
    /// <param name="arrives">When it will have reached the client, as far as its round trips tell.</param>
    public void PageCame(long now, long arrives)
    {
        lock (_lock)
        {
            (FirstByteAt, _pageAt) = (now, arrives);
        }

        CompleteIfWhole();
    }

    /// <summary>A response that blocks display begins.</summary>
    public void Began()
    {
        lock (_lock)
        {
            _underWay++;
        }
    }

    /// <summary>A response that blocks display will not come whole.</summary>
    /// <param name="isFinal">Whether it will not come another way either.</param>
    public void Broke(bool isFinal)
    {
        lock (_lock)
        {
            _underWay--;
            _isBroken |= isFinal;
        }
    }

    /// <summary>A response that blocks display has reached the client.</summary>
    /// <param name="resource">Which, as <see cref="BlockedBy"/> has it.</param>
    /// <param name="arrived">When, as a timestamp.</param>
    /// <param name="written">All that the connection had been written by then; negative if that is not known.</param>
    public void Arrived(int resource, long arrived, long written = -1)
    {
        lock (_lock)
        {
            _underWay--;
            _lastAt = Math.Max(_lastAt, arrived);
            _written = Math.Max(_written, written);
            _missing ??= [.. Enumerable.Range(0, page.Analysis.Resources.Count).Where(i => IsBlocking(page.Analysis.Resources[i]))];
            _missing.Remove(resource);
        }

        CompleteIfWhole();
    }

    /// <summary>Ends the view.</summary>
    /// <param name="displayedAt">When nothing held the display up any more, as a timestamp.</param>
    /// <param name="bytes">What the client was sent until then; negative if that is not known.</param>
    public ViewOutcome End(out long displayedAt, out long bytes)
    {
        lock (_lock)
        {
            bytes = before < 0 || _written < 0 ? -1 : _written - before;
            displayedAt = Math.Max(_pageAt, _lastAt);
            _hasEnded = true;
            return _pageAt < 0 ? ViewOutcome.NoPage : _underWay > 0 || _isBroken ? ViewOutcome.Unfinished : ViewOutcome.Measured;
        }
    }

    // A client that has a resource does not request it, so most views of returning visitors end when their time has passed.
    private void CompleteIfWhole()
    {
        lock (_lock)
        {
            if (_hasEnded || _pageAt < 0 || _underWay > 0 || _missing is not { Count: 0 })
            {
                return;
            }

            _hasEnded = true;
        }

        Completed?.Invoke(this);
    }

    private bool IsBlocking(CriticalResource resource) =>
        resource.Blocking && string.Equals(resource.Url.Authority, authority, StringComparison.OrdinalIgnoreCase);
}
