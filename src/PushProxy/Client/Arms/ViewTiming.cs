using PushProxy.Analysis;
using PushProxy.Knowledge;
using PushProxy.Proof;

namespace PushProxy.Client.Arms;

/// <summary>
/// Measures one page view as its proxy sees it: until the page and everything that blocks its display have reached the client, whoever
/// asked for it, the client or the proxy. What the client does not request, it has.
/// </summary>
/// <param name="group">What the view counts for.</param>
/// <param name="page">What the page needs.</param>
/// <param name="authority">The site that the page is of.</param>
/// <param name="startedAt">When the request arrived, as a timestamp of the time provider.</param>
/// <param name="before">What the connection had been written before; negative if that is not known.</param>
internal sealed class ViewTiming(ViewGroup group, LearnedPage page, string authority, long startedAt, long before)
{
    /// <summary>What stands for the page itself among what a view waits for.</summary>
    public const int Page = -1;

    /// <summary>What stands for nothing that a view waits for.</summary>
    public const int Nothing = -2;

    private readonly Lock _lock = new();
    private HashSet<int>? _missing;
    private long _lastAt = -1;
    private long _written = -1;
    private int _underWay;
    private bool _isBroken;
    private bool _hasEnded;

    public ViewGroup Group { get; } = group;

    /// <summary>Whether the visitor has reloaded the page.</summary>
    public bool IsReload { get; init; }

    /// <summary>Whether the view has ended. What comes later makes no difference.</summary>
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

    /// <summary>Called when nothing is missing any more; if that happens, then once, and the view has ended.</summary>
    public Action<ViewTiming>? Completed { get; init; }

    /// <summary>Returns which of the page's resources that hold up its display a request is for, or <see cref="Nothing"/>.</summary>
    /// <param name="host">The request's host.</param>
    /// <param name="target">The request's target.</param>
    public int BlockedBy(string host, string target)
    {
        if (!host.Equals(authority, StringComparison.OrdinalIgnoreCase))
        {
            return Nothing;
        }

        var resources = page.Analysis.Resources;
        for (var i = 0; i < resources.Count; i++)
        {
            if (IsBlocking(resources[i]) && string.Equals(resources[i].Url.PathAndQuery, target, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return Nothing;
    }

    /// <summary>The page's first byte leaves.</summary>
    /// <param name="now">A timestamp.</param>
    public void PageCame(long now)
    {
        lock (_lock)
        {
            FirstByteAt = now;
            _underWay++;
        }
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
    /// <param name="what">Which, as <see cref="BlockedBy"/> has it, or <see cref="Page"/>.</param>
    /// <param name="arrived">When, as a timestamp.</param>
    /// <param name="written">All that the connection had been written by then; negative if that is not known.</param>
    public void Arrived(int what, long arrived, long written = -1)
    {
        lock (_lock)
        {
            _underWay--;
            if (_hasEnded)
            {
                return;
            }

            (_lastAt, _written) = (Math.Max(_lastAt, arrived), Math.Max(_written, written));
            _missing ??= [Page, .. Enumerable.Range(0, page.Analysis.Resources.Count).Where(i => IsBlocking(page.Analysis.Resources[i]))];
            _missing.Remove(what);

            // A client that has a resource does not request it, so most views of returning visitors end when their time has passed.
            if (_underWay > 0 || _missing.Count > 0 || _isBroken)
            {
                return;
            }

            _hasEnded = true;
        }

        Completed?.Invoke(this);
    }

    /// <summary>Ends the view, as its time has passed.</summary>
    /// <returns>False if it has ended before.</returns>
    public bool TryEnd()
    {
        lock (_lock)
        {
            return !_hasEnded && (_hasEnded = true);
        }
    }

    /// <summary>Returns what became of a view that has ended.</summary>
    /// <param name="displayedAt">When nothing held the display up any more, as a timestamp.</param>
    /// <param name="bytes">What the client was sent until then; negative if that is not known.</param>
    public ViewOutcome Result(out long displayedAt, out long bytes)
    {
        lock (_lock)
        {
            bytes = before < 0 || _written < 0 ? -1 : _written - before;
            displayedAt = _lastAt;
            return FirstByteAt < 0 ? ViewOutcome.NoPage : _underWay > 0 || _isBroken ? ViewOutcome.Unfinished : ViewOutcome.Measured;
        }
    }

    private bool IsBlocking(CriticalResource resource) =>
        resource.Blocking && string.Equals(resource.Url.Authority, authority, StringComparison.OrdinalIgnoreCase);
}
