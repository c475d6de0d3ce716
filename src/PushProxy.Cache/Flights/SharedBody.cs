namespace PushProxy.Cache.Flights;

/// <summary>
/// A body that comes from the origin once and is read by several clients, each at its own speed. All of it is kept, until it turns out to
/// be longer than allowed, or there is no memory for more. From then on it is not stored, and goes on to the client of its own request
/// alone.
/// </summary>
/// <param name="maxBytes">The most that is kept.</param>
/// <param name="expectedBytes">The length of the body, if it is known.</param>
/// <param name="memory">Where the memory comes from.</param>
internal sealed partial class SharedBody(int maxBytes, long? expectedBytes, BytesUnderWay memory)
{
    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private readonly BodySegments _bytes = new(maxBytes, expectedBytes, memory);
    private bool _isComplete;
    private bool _isClosed;
    private Exception? _error;
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _settled;

    /// <summary>Whether the body is not kept any more: it is longer than allowed, or than there is memory for.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether there was no memory for it, though it may be short enough.</summary>
    public bool IsCrowdedOut { get; private set; }

    /// <summary>Whether it was given up (<see cref="TryAbandon"/>).</summary>
    public bool IsAbandoned { get; private set; }

    /// <summary>Whether it has broken off.</summary>
    public bool IsBroken => Volatile.Read(ref _error) is not null;

    public long Length => _bytes.Length;

    /// <summary>Whether the origin has no more to say: the body is whole or has broken off.</summary>
    public bool HasEnded => Volatile.Read(ref _isComplete);

    /// <summary>How many bytes are kept.</summary>
    public long Kept
    {
        get
        {
            lock (_lock)
            {
                return _bytes.Length - _bytes.Released;
            }
        }
    }

    /// <summary>Whether nobody can get it any more: it is too long to be stored, its beginning is gone, and so are its readers.</summary>
    public bool IsUnwanted
    {
        get
        {
            lock (_lock)
            {
                return IsTooLong && _readers.Count == 0 && _bytes.Released > 0;
            }
        }
    }

    /// <summary>Takes memory. Returns false if there is none; then the body must not be used.</summary>
    public bool TryOpen() => _bytes.TryOpen();

    /// <summary>The request to the origin is over: nobody joins any more, and the memory goes back when the last reader has all.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            ClearIfUnread();
        }
    }

    /// <summary>Returns a reader from the beginning; null if the beginning is gone.</summary>
    public Reader? Join()
    {
        lock (_lock)
        {
            if (_bytes.Released > 0 || _isClosed)
            {
                return null;
            }

            var reader = new Reader(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>
    /// Returns a reader for the client of another request; null if it has to ask for itself. Of a body that is too long only a window is
    /// kept, and of two readers the slow one would hold up the other. So others read when it is known that the body is not too long: at
    /// once if it states its length, and else when all of it is here.
    /// </summary>
    public async ValueTask<Reader?> FollowAsync(CancellationToken cancellation)
    {
        while (true)
        {
            Task wait;
            lock (_lock)
            {
                if (IsTooLong)
                {
                    return null;
                }

                if (expectedBytes is not null || _isComplete)
                {
                    return Join();
                }

                wait = (_settled ??= NewSignal()).Task;
            }

            await wait.WaitAsync(cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Appends bytes. If the body is not kept any more, it waits for the reader, so that no more than a window is kept.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            Task? wait = null;
            lock (_lock)
            {
                if (_error is not null)
                {
                    // As a server does it: what is written to a response that has broken off is lost.
                    return;
                }

                Check(bytes.Length);
                if (IsTooLong && !_bytes.MoveTo(_readers.Count == 0 ? Length : _readers.Min(static r => r.Position)))
                {
                    wait = (_changed ??= NewSignal()).Task;
                }
                else
                {
                    bytes = bytes[_bytes.Add(bytes.Span)..];
                    Signal();
                }
            }

            if (wait is not null)
            {
                await wait.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The body is whole.</summary>
    public void Complete() => End(null);

    /// <summary>The body has broken off, for all readers.</summary>
    public void Fail(Exception error) => End(error);

    /// <summary>Gives the body up, unless somebody reads it or it has ended. Nobody joins any more, so for nobody it breaks off.</summary>
    public bool TryAbandon()
    {
        lock (_lock)
        {
            if (_isComplete || _readers.Count > 0)
            {
                return false;
            }

            IsAbandoned = _isClosed = true;
            End(new IOException("Nobody reads the body."));
            ClearIfUnread();
            return true;
        }
    }

    /// <summary>Returns the whole body; null if it is not complete or too long.</summary>
    public byte[]? ToArray()
    {
        lock (_lock)
        {
            return !_isComplete || _error is not null || IsTooLong ? null : _bytes.ToArray();
        }
    }

    /// <summary>
    /// The whole body is stored: who has not read it yet reads what is stored. A client that reads slowly does not take from the memory of
    /// what is under way until it has all.
    /// </summary>
    /// <param name="all">What <see cref="ToArray"/> has returned.</param>
    public void Stored(byte[] all)
    {
        lock (_lock)
        {
            _bytes.Become(all);
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Check(int more)
    {
        if (_isComplete || Length + more > expectedBytes)
        {
            throw new InvalidOperationException("The body is longer than its Content-Length, or has ended.");
        }

        if (!IsTooLong)
        {
            IsCrowdedOut = _bytes.Allow(more) && !_bytes.TryTake(more);
            IsTooLong = IsCrowdedOut || !_bytes.Allow(more);
            if (IsTooLong)
            {
                _settled?.TrySetResult();
            }
        }
    }

    private void End(Exception? error)
    {
        lock (_lock)
        {
            if (!_isComplete)
            {
                _error = error;
                Volatile.Write(ref _isComplete, true);
                _settled?.TrySetResult();
                Signal();
            }
        }
    }

    private void Signal()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private void ClearIfUnread()
    {
        if (_isClosed && _readers.Count == 0)
        {
            _bytes.Clear();
        }
    }
}
