namespace PushProxy.Http2.Streams;

/// <summary>The state of one stream.</summary>
internal struct StreamEntry
{
    /// <summary>The client's highest stream before this one: what a GOAWAY has to say if this one was not processed.</summary>
    public int PreviousClientId;

    public StreamState State;

    /// <summary>The final HEADERS have begun to leave: no 1xx any more.</summary>
    public bool FinalStarted;

    /// <summary>RST_STREAM was written for a pushed stream: nothing but header blocks may follow.</summary>
    public bool ResetSent;

    /// <summary>
    /// What a pushed stream carries out. It is kept for a moment after its end, so that a cancelled request still knows what it is.
    /// </summary>
    public ServerPush? Push;

    /// <summary>The push, unless it is over.</summary>
    public readonly ServerPush? LivePush => State == StreamState.Closed ? null : Push;
}

/// <summary>
/// The streams of a connection under both their numbers: the client's and Kestrel's. A few hundred at most, searched by
/// vector comparison; nothing is allocated once the arrays have grown. If numbers are translated, closed streams stay a while,
/// because frames that are already on the way may still name them.
/// </summary>
internal sealed class StreamTable
{
    private const int Remembered = 32;
    private int[] _client = [];
    private int[] _kestrel = [];
    private StreamEntry[] _entries = [];
    private int _closed;

    public int Count { get; private set; }

    public int FindClient(int id) => _client.AsSpan(0, Count).IndexOf(id);

    public int FindKestrel(int id) => _kestrel.AsSpan(0, Count).IndexOf(id);

    public ref StreamEntry this[int index] => ref _entries[index];

    public int ClientId(int index) => _client[index];

    public int KestrelId(int index) => _kestrel[index];

    public void SetKestrelId(int index, int id) => _kestrel[index] = id;

    public int Add(int clientId, int kestrelId, in StreamEntry entry)
    {
        if (Count == _client.Length)
        {
            var size = Math.Max(8, Count * 2);
            Array.Resize(ref _client, size);
            Array.Resize(ref _kestrel, size);
            Array.Resize(ref _entries, size);
        }

        _client[Count] = clientId;
        _kestrel[Count] = kestrelId;
        _entries[Count] = entry;
        return Count++;
    }

    /// <summary>Applies an event to a stream, and returns whether that closed it. Indexes are invalid afterwards.</summary>
    public bool Apply(int index, StreamEvent what, bool remember)
    {
        ref var entry = ref _entries[index];
        var before = entry.State;
        entry.State = before.On(what);
        if (entry.State != StreamState.Closed || before == StreamState.Closed)
        {
            return false;
        }

        if (++_closed > (remember ? 2 * Remembered : 4))
        {
            Sweep(remember ? Remembered : 0);
        }

        return true;
    }

    /// <summary>Forgets what closed streams have carried out. They stay known as closed.</summary>
    public void ForgetEndedPushes()
    {
        foreach (ref var entry in _entries.AsSpan(0, Count))
        {
            entry.Push = entry.LivePush;
        }
    }

    /// <summary>The lowest entry that Kestrel numbers above <paramref name="kestrelId"/> and that the client opened, or -1.</summary>
    public int FirstClientStreamAbove(int kestrelId)
    {
        var found = -1;
        for (var i = 0; i < Count; i++)
        {
            if (_kestrel[i] > kestrelId && (_client[i] & 1) == 1 && (found < 0 || _kestrel[i] < _kestrel[found]))
            {
                found = i;
            }
        }

        return found;
    }

    // Forgets closed streams but the newest few. Order is kept: it is the order of opening.
    private void Sweep(int keep)
    {
        var forget = _closed - keep;
        var to = 0;
        for (var from = 0; from < Count; from++)
        {
            if (forget > 0 && _entries[from].State == StreamState.Closed)
            {
                forget--;
                _closed--;
                continue;
            }

            if (to != from)
            {
                _client[to] = _client[from];
                _kestrel[to] = _kestrel[from];
                _entries[to] = _entries[from];
            }

            to++;
        }

        _entries.AsSpan(to, Count - to).Clear();
        Count = to;
    }
}
