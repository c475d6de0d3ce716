namespace PushProxy.Cache.Flights;

/// <summary>
/// The bytes of a body that are kept: all of them, or a window that moves on with what is read. They take memory from what all bodies under
/// way have together. Not for several threads at a time.
/// </summary>
/// <param name="maxBytes">The most that is kept.</param>
/// <param name="expectedBytes">The length of the body, if it is known.</param>
/// <param name="memory">Where the memory comes from.</param>
internal sealed class BodySegments(int maxBytes, long? expectedBytes, BytesUnderWay memory)
{
    private const int MaxSegment = 64 * 1024;

    /// <summary>The longest window. More would gain nothing.</summary>
    private const int MaxWindow = 4 * MaxSegment;

    private int _segmentSize = (int)Math.Clamp(expectedBytes ?? MaxSegment, 1, MaxSegment);
    private readonly List<byte[]> _segments = [];
    private long _length;
    private long _taken;

    /// <summary>How many bytes there were.</summary>
    public long Length => Volatile.Read(ref _length);

    /// <summary>How many of them are gone.</summary>
    public long Released { get; private set; }

    /// <summary>
    /// Takes memory for the whole body, or for its beginning if its length is not known. Returns false if there is none; then nothing may
    /// be added.
    /// </summary>
    public bool TryOpen()
    {
        var bytes = expectedBytes ?? _segmentSize;
        _taken = memory.TryTake(bytes) ? bytes : 0;
        return _taken == bytes;
    }

    /// <summary>Returns whether the limit of the body allows more bytes.</summary>
    public bool Allow(int more) => _length + more <= maxBytes;

    /// <summary>Takes the memory for more bytes, if it was not taken before. Returns false if there is none.</summary>
    public bool TryTake(int more)
    {
        var segments = (_length + more + _segmentSize - 1) / _segmentSize;
        var missing = expectedBytes is null ? (segments * _segmentSize) - _taken : 0;
        if (missing > 0 && !memory.TryTake(missing))
        {
            return false;
        }

        _taken += Math.Max(0, missing);
        return true;
    }

    /// <summary>
    /// Lets go of what has been read, and of memory that a window does not need. Returns whether there is room in the window.
    /// </summary>
    /// <param name="read">How many bytes all readers have taken.</param>
    public bool MoveTo(long read)
    {
        while (_segments.Count > 0 && Released + _segmentSize <= read)
        {
            _segments.RemoveAt(0);
            Released += _segmentSize;
        }

        var needed = Math.Max((long)_segments.Count * _segmentSize, Math.Min(_taken, MaxWindow));
        memory.GiveBack(_taken - needed);
        _taken = needed;
        return (_length - Released) % _segmentSize != 0 || (_segments.Count + 1L) * _segmentSize <= _taken;
    }

    /// <summary>Adds bytes to the last segment. Returns how many.</summary>
    public int Add(ReadOnlySpan<byte> bytes)
    {
        var offset = (int)((_length - Released) % _segmentSize);
        if (offset == 0)
        {
            var rest = expectedBytes - _length is > 0 and { } left ? left : _segmentSize;
            _segments.Add(new byte[Math.Min(_segmentSize, rest)]);
        }

        var part = Math.Min(bytes.Length, _segments[^1].Length - offset);
        bytes[..part].CopyTo(_segments[^1].AsSpan(offset));
        Volatile.Write(ref _length, _length + part);
        return part;
    }

    /// <summary>Returns bytes that follow each other, from a position that is kept.</summary>
    public ReadOnlyMemory<byte> From(long position)
    {
        var at = position - Released;
        var offset = (int)(at % _segmentSize);
        return _segments[(int)(at / _segmentSize)].AsMemory(offset, (int)Math.Min(_length - position, _segmentSize - offset));
    }

    /// <summary>Returns everything. Nothing may be gone.</summary>
    public byte[] ToArray()
    {
        if (_segments.Count == 1 && _segments[0].Length == _length)
        {
            return _segments[0];
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

    /// <summary>Takes bytes that somebody else keeps in the place of its own, and gives the memory back.</summary>
    /// <param name="all">What <see cref="ToArray"/> has returned.</param>
    public void Become(byte[] all)
    {
        Clear();
        _segments.Add(all);
        _segmentSize = Math.Max(1, all.Length);
    }

    /// <summary>Gives all memory back.</summary>
    public void Clear()
    {
        _segments.Clear();
        memory.GiveBack(_taken);
        _taken = 0;
    }
}
