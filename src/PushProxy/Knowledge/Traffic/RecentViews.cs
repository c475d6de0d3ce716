namespace PushProxy.Knowledge.Traffic;

/// <summary>
/// The views watched on one connection: its first ones, for later its client has been given too much to tell anything. So no connection
/// counts twice for a page, and as many views are as many connections.
/// </summary>
internal sealed class RecentViews
{
    /// <summary>The most of one connection, ever.</summary>
    public const int MaxViews = 4;

    private readonly Lock _lock = new();
    private readonly List<TrafficView> _views = [];
    private volatile bool _any;

    public bool IsEmpty => !_any;

    public bool HasRoomFor(PageTraffic traffic)
    {
        lock (_lock)
        {
            return _views.Count < MaxViews && !_views.Exists(v => v.Traffic == traffic);
        }
    }

    public void Add(TrafficView view)
    {
        lock (_lock)
        {
            _views.Add(view);
            _any = true;
        }
    }

    /// <summary>The newest view that a Referer names and that began after a time.</summary>
    public TrafficView? Find(string referer, DateTimeOffset after)
    {
        lock (_lock)
        {
            for (var i = _views.Count - 1; i >= 0; i--)
            {
                if (_views[i] is var view && view.StartedAt > after && view.IsNamedBy(referer))
                {
                    return view;
                }
            }

            return null;
        }
    }
}
