namespace PushProxy.Tests.Knowledge.Sharing;

/// <summary>A place in memory that instances share. What is put comes to the others when <see cref="Deliver"/> is called.</summary>
internal sealed class SharedPlace
{
    private readonly List<Access> _all = [];
    private readonly Dictionary<string, SharedRecord> _records = new(StringComparer.Ordinal);

    /// <summary>All records, as they were put last.</summary>
    public IReadOnlyDictionary<string, SharedRecord> Records => _records;

    public Access Open() => new(this);

    /// <summary>Brings all that was put to all others. Returns how many records came.</summary>
    public int Deliver()
    {
        var count = 0;
        foreach (var from in _all)
        {
            while (from.Take() is { } record)
            {
                if (record.KeepsFirst && _records.TryGetValue(record.Key, out var first))
                {
                    from.Receiver!.Receive(first);
                    continue;
                }

                _records[record.Key] = record;
                foreach (var to in _all.Where(to => to.IsConnected && (to != from || record.KeepsFirst)))
                {
                    to.Receiver!.Receive(record);
                    count++;
                }
            }
        }

        return count;
    }

    /// <summary>Loses all records.</summary>
    public void Empty()
    {
        _records.Clear();
        _all.ForEach(static a => a.Receiver!.CaughtUp(isNew: true));
    }

    internal sealed class Access(SharedPlace place) : ISharedRecords
    {
        private readonly Queue<SharedRecord> _put = new();

        public ISharedRecordReceiver? Receiver { get; private set; }

        public bool IsConnected { get; set; } = true;

        public int Waiting => _put.Count;

        public bool IsFull { get; set; }

        public void Start(ISharedRecordReceiver receiver)
        {
            Receiver = receiver;
            place._all.Add(this);
            CatchUp(place._records.Count == 0);
        }

        public void CatchUp(bool isNew)
        {
            foreach (var record in place._records.Values.ToList())
            {
                Receiver!.Receive(record);
            }

            Receiver!.CaughtUp(isNew);
        }

        public bool TryPut(SharedRecord record)
        {
            if (IsFull)
            {
                return false;
            }

            _put.Enqueue(record);
            return true;
        }

        public SharedRecord? Take() => IsConnected && _put.TryDequeue(out var record) ? record : null;
    }
}
