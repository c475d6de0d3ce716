namespace PushProxy.Knowledge.Traffic;

/// <summary>Holds the watched views of all pages, in the order in which they began.</summary>
/// <param name="window"><see cref="LearningOptions.TrafficWindow"/>.</param>
internal sealed class PendingViews(TimeSpan window)
{
    /// <summary>The maximum number of views watched at the same time. Further views are not counted. Each takes at most 8 KB.</summary>
    private const int MaxViews = 512;

    private readonly Lock _lock = new();
    private readonly Queue<TrafficView> _views = new();
    private int _count;

    /// <summary>Whether no view is watched. It takes no lock, so the answer may be slightly old.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    public bool IsFull
    {
        get
        {
            lock (_lock)
            {
                return _views.Count >= MaxViews;
            }
        }
    }

    public void Add(TrafficView view)
    {
        lock (_lock)
        {
            _views.Enqueue(view);
            _count = _views.Count;
        }
    }

    /// <summary>Removes and returns a view whose time is over; null if none is.</summary>
    public TrafficView? TakeDue(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (!_views.TryPeek(out var view) || now - view.StartedAt < window)
            {
                return null;
            }

            _views.Dequeue();
            _count = _views.Count;
            return view;
        }
    }
}
