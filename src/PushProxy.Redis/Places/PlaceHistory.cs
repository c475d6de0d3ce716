namespace PushProxy.Redis.Places;

/// <summary>
/// Which versions of a place this instance has: those that it was told of, and those that it has put. Who has all up to the newest need not
/// read. Safe for use by several threads at once.
/// </summary>
internal sealed class PlaceHistory
{
    /// <summary>How many versions are remembered behind a gap. If there are more, some are read twice.</summary>
    private const int MaxBehindGap = 64 * 1024;

    private readonly Lock _lock = new();
    private Versions? _current;
    private Versions? _next;

    /// <summary>The identity of the place; null if it was never reached.</summary>
    public string? Identity
    {
        get
        {
            lock (_lock)
            {
                return _current?.Identity;
            }
        }
    }

    /// <summary>All versions up to this one are had.</summary>
    public long Seen
    {
        get
        {
            lock (_lock)
            {
                return _current?.Seen ?? 0;
            }
        }
    }

    /// <summary>Begins again, in a place of this identity.</summary>
    public void Begin(string identity)
    {
        lock (_lock)
        {
            // What was put before the place was seen to be another one counts.
            _current = _next?.Identity == identity ? _next : new Versions(identity);
            _next = null;
        }
    }

    /// <summary>Takes a version that this instance has put.</summary>
    /// <returns>Whether the place is the known one.</returns>
    public bool Put(string identity, long version)
    {
        lock (_lock)
        {
            if (_current?.Identity == identity)
            {
                _current.Add(version);
                return true;
            }

            if (_next?.Identity != identity)
            {
                _next = new Versions(identity);
            }

            _next.Add(version);
            return false;
        }
    }

    /// <summary>Takes a version of the known place.</summary>
    public void Add(long version)
    {
        lock (_lock)
        {
            _current?.Add(version);
        }
    }

    /// <summary>Takes all versions up to this one.</summary>
    public void AddAll(long upTo)
    {
        lock (_lock)
        {
            _current?.AddAll(upTo);
        }
    }

    public bool Has(long version)
    {
        lock (_lock)
        {
            return _current?.Has(version) ?? false;
        }
    }

    private sealed class Versions(string identity)
    {
        private readonly HashSet<long> _behindGap = [];

        public string Identity => identity;

        public long Seen { get; private set; }

        public bool Has(long version) => version <= Seen || _behindGap.Contains(version);

        public void Add(long version)
        {
            if (version > Seen && _behindGap.Count < MaxBehindGap)
            {
                _behindGap.Add(version);
                GoOn();
            }
        }

        public void AddAll(long upTo)
        {
            if (upTo > Seen)
            {
                Seen = upTo;
                _behindGap.RemoveWhere(v => v <= upTo);
                GoOn();
            }
        }

        private void GoOn()
        {
            while (_behindGap.Remove(Seen + 1))
            {
                Seen++;
            }
        }
    }
}
