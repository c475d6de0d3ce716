namespace PushProxy.Cache.Flights;

/// <summary>
/// A body that comes from the origin once and is read by several clients, each at its own speed. All of it is kept until it is longer than
/// allowed; from then on it is not stored, and what all readers have taken is let go.
/// </summary>
/// <param name="maxBytes">The most that is kept.</param>
/// <param name="expectedBytes">The length of the body, if it is known.</param>
internal sealed class SharedBody(int maxBytes, long? expectedBytes)
{
    private readonly int _segmentSize = (int)Math.Clamp(expectedBytes ?? MaxSegment, 1, MaxSegment);

    private const int MaxSegment = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly List<Reader> _readers = [];
    private readonly List<byte[]> _segments = [];
    private long _length;
    private long _released;
    private bool _isComplete;
    private Exception? _error;
    private TaskCompletionSource _changed = NewSignal();

    /// <summary>Whether the body is longer than what is kept.</summary>
    public bool IsTooLong { get; private set; }

    /// <summary>Whether it has broken off.</summary>
    public bool IsBroken => Volatile.Read(ref _error) is not null;

    public long Length => Volatile.Read(ref _length);

    /// <summary>Whether the origin has no more to say: the body is whole or has broken off.</summary>
    public bool HasEnded
    {
        get
        {
            lock (_lock)
            {
                return _isComplete;
            }
        }
    }

    /// <summary>How many bytes are kept.</summary>
    public long Kept
    {
        get
        {
            lock (_lock)
            {
                return _length - _released;
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
                return IsTooLong && _readers.Count == 0 && _released > 0;
            }
        }
    }

    /// <summary>Returns a reader from the beginning; null if the beginning is gone.</summary>
    public Reader? Join()
    {
        lock (_lock)
        {
            if (_released > 0)
            {
                return null;
            }

            var reader = new Reader(this);
            _readers.Add(reader);
            return reader;
        }
    }

    /// <summary>Appends bytes. Beyond the limit it waits for the slowest reader, so that no more than the limit is kept.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        while (!bytes.IsEmpty)
        {
            Task? wait = null;
            lock (_lock)
            {
                IsTooLong |= _length + bytes.Length > maxBytes;
                if (IsTooLong && Release() >= maxBytes)
                {
                    wait = _changed.Task;
                }
                else
                {
                    bytes = bytes[Fill(bytes.Span)..];
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

    /// <summary>Returns the whole body; null if it is not complete or too long.</summary>
    public byte[]? ToArray()
    {
        lock (_lock)
        {
            if (!_isComplete || _error is not null || IsTooLong)
            {
                return null;
            }

            var all = new byte[_length];
            var at = 0;
            foreach (var segment in _segments)
            {
                var part = Math.Min(segment.Length, all.Length - at);
                segment.AsSpan(0, part).CopyTo(all.AsSpan(at));
                at += part;
            }

            return all;
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void End(Exception? error)
    {
        lock (_lock)
        {
            if (!_isComplete)
            {
                _isComplete = true;
                _error = error;
                Signal();
            }
        }
    }

    private void Signal()
    {
        var changed = _changed;
        _changed = NewSignal();
        changed.TrySetResult();
    }

    /// <summary>Copies bytes into the last segment. Returns how many.</summary>
    private int Fill(ReadOnlySpan<byte> bytes)
    {
        var offset = (int)((_length - _released) % _segmentSize);
        if (offset == 0)
        {
            _segments.Add(new byte[_segmentSize]);
        }

        var part = Math.Min(bytes.Length, _segmentSize - offset);
        bytes[..part].CopyTo(_segments[^1].AsSpan(offset));
        Volatile.Write(ref _length, _length + part);
        return part;
    }

    /// <summary>Lets go of what all readers have taken. Returns how many bytes the slowest has not.</summary>
    private long Release()
    {
        var taken = _readers.Count == 0 ? _length : _readers.Min(static r => r.Position);
        while (_segments.Count > 0 && _released + _segmentSize <= taken)
        {
            _segments.RemoveAt(0);
            _released += _segmentSize;
        }

        return _length - taken;
    }

    /// <summary>Reads a <see cref="SharedBody"/> from its beginning to its end.</summary>
    public sealed class Reader(SharedBody body) : IDisposable
    {
        internal long Position { get; private set; }

        /// <summary>Returns the next bytes; empty at the end.</summary>
        /// <exception cref="IOException">The body has broken off.</exception>
        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken cancellation)
        {
            while (true)
            {
                Task wait;
                lock (body._lock)
                {
                    var left = body._length - Position;
                    if (left > 0)
                    {
                        var at = (int)(Position - body._released);
                        var offset = at % body._segmentSize;
                        var part = (int)Math.Min(left, body._segmentSize - offset);
                        return body._segments[at / body._segmentSize].AsMemory(offset, part);
                    }

                    if (body._isComplete)
                    {
                        return body._error is null ? ReadOnlyMemory<byte>.Empty
                            : throw new IOException("The response broke off.", body._error);
                    }

                    wait = body._changed.Task;
                }

                await wait.WaitAsync(cancellation).ConfigureAwait(false);
            }
        }

        /// <summary>Says that bytes were used, so that they need not be kept for this reader.</summary>
        public void Advance(int bytes)
        {
            lock (body._lock)
            {
                Position += bytes;
                if (body.IsTooLong)
                {
                    body.Signal();
                }
            }
        }

        public void Dispose()
        {
            lock (body._lock)
            {
                body._readers.Remove(this);
                body.Signal();
            }
        }
    }
}
