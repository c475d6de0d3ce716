namespace PushProxy.Knowledge.Traffic;

/// <summary>
/// Holds the first few watched views of one connection. Later its client has received too much to tell anything. No connection counts twice
/// for a page, so a number of views is the same number of connections. How many clients those are, only their addresses tell.
/// </summary>
internal sealed class RecentViews
{
    /// <summary>The maximum number of views watched over the whole life of a connection.</summary>
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

    /// <summary>Returns the newest view that the Referer names and that began after the given time; null if no view does.</summary>
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
