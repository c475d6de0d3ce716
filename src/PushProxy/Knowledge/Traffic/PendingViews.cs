namespace PushProxy.Knowledge.Traffic;

/// <summary>The views being watched, of all pages, in the order in which they began.</summary>
/// <param name="window"><see cref="LearningOptions.TrafficWindow"/>.</param>
internal sealed class PendingViews(TimeSpan window)
{
    /// <summary>Views watched at the same time; while there are so many, further ones are not counted. 8 KB each at most.</summary>
    private const int MaxViews = 512;

    private readonly Lock _lock = new();
    private readonly Queue<TrafficView> _views = new();
    private int _count;

    /// <summary>Whether there are none, as far as one can tell without waiting.</summary>
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

    /// <summary>One whose time is over; null when there is none.</summary>
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
