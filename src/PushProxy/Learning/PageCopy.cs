using System.Buffers;
using System.IO.Hashing;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// A copy of the first bytes of a passing body, in pooled memory. It takes as much memory as bytes have come, whatever length the response
/// states. It is limited in size, and all copies share a budget, which may give this one up when others need the room. One thread at a time
/// uses it. Whoever has it disposes it.
/// </summary>
/// <param name="budget">The budget that all copies share.</param>
/// <param name="limit">The maximum size of this copy, in bytes.</param>
/// <param name="client">The client that receives the page.</param>
/// <param name="connection">The client's connection.</param>
internal sealed class PageCopy(CopyBudget budget, int limit, AddressPrefix client, string connection) : IDisposable
{
    /// <summary>
    /// How many bytes must come within the stall time. Browsers on the slowest lines take ten times as much. A client that asks for less
    /// wants the copy rather than the page.
    /// </summary>
    public const int Progress = 4 * 1024;

    private const int FirstBuffer = 4 * 1024;

    private readonly Lock _lock = new();
    private readonly long _startedAt = budget.Now;
    private byte[]? _buffer;
    private int _length;
    private long _progressAt = budget.Now;
    private int _progressLength;
    private bool _isComplete;
    private volatile bool _isHeld;
    private bool _isDisposed;
    private volatile PageSkip _givenUp;

    public AddressPrefix Client { get; } = client;

    /// <summary>The client and its connection.</summary>
    public (AddressPrefix Client, string Connection) Owner => (Client, connection);

    /// <summary>The bytes that the copy has reserved. Guarded by the budget's lock.</summary>
    public int Reserved { get; set; }

    /// <summary>Whether the body is longer than the copy may be.</summary>
    public bool Truncated { get; private set; }

    /// <summary>Whether somebody reads the bytes, so that they must stay.</summary>
    public bool IsHeld => _isHeld;

    /// <summary>Why the budget has given the copy up; <see cref="PageSkip.None"/> while it is of use.</summary>
    public PageSkip GivenUp => _givenUp;

    public int Length => _length;

    /// <summary>The bytes. They may be read only while the copy is held.</summary>
    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Appends as many bytes as fit.</summary>
    /// <returns>False if the copy has been given up, or the budget has no room for it to grow. The copy is then useless.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        var room = limit - _length;
        if (bytes.Length > room)
        {
            Truncated = true;
            bytes = bytes[..room];
        }

        if (_length + bytes.Length > (_buffer?.Length ?? 0) && !Grow(_length + bytes.Length))
        {
            return false;
        }

        lock (_lock)
        {
            if (_givenUp != PageSkip.None)
            {
                return false;
            }

            bytes.CopyTo(_buffer.AsSpan(_length));
            _length += bytes.Length;
        }

        if (_length - _progressLength >= Progress)
        {
            _progressLength = _length;
            Volatile.Write(ref _progressAt, budget.Now);
        }

        return true;
    }

    /// <summary>Notes that all bytes have come. The copy cannot stall any more.</summary>
    public void Complete() => Volatile.Write(ref _isComplete, true);

    /// <summary>Returns whether the client takes the page too slowly, or for too long.</summary>
    public bool HasStalled(TimeProvider time, TimeSpan stallTime, TimeSpan maxTime) => !Volatile.Read(ref _isComplete) && !_isHeld
        && (time.GetElapsedTime(Volatile.Read(ref _progressAt)) > stallTime || time.GetElapsedTime(_startedAt) > maxTime);

    /// <summary>Keeps the bytes from being given up while somebody reads them.</summary>
    /// <returns>False if the copy has been given up.</returns>
    public bool TryHold()
    {
        lock (_lock)
        {
            return _isHeld = _givenUp == PageSkip.None && !_isDisposed;
        }
    }

    /// <summary>Lets the copy be given up again.</summary>
    public void LetGo() => _isHeld = false;

    /// <summary>Gives the copy up, unless it is held. Called by the budget, which then counts its bytes as free.</summary>
    public bool TryGiveUp(PageSkip reason)
    {
        lock (_lock)
        {
            if (_isHeld || _isDisposed)
            {
                return false;
            }

            _givenUp = reason;
            ReturnBuffer();
            return true;
        }
    }

    /// <summary>Returns the hash of the copy, which is the version of a page without a validator.</summary>
    public UInt128 Hash() => XxHash128.HashToUInt128(Bytes.Span);

    public void Dispose()
    {
        lock (_lock)
        {
            _isDisposed = true;
            ReturnBuffer();
        }

        budget.Release(this);
    }

    private bool Grow(int needed)
    {
        var size = Math.Min(limit, Math.Max(Math.Max((_buffer?.Length ?? 0) * 2L, needed), FirstBuffer));
        var larger = ArrayPool<byte>.Shared.Rent((int)size);
        var isReserved = budget.TryReserve(this, larger.Length - (_buffer?.Length ?? 0));
        lock (_lock)
        {
            if (!isReserved || _givenUp != PageSkip.None)
            {
                ArrayPool<byte>.Shared.Return(larger);
                return false;
            }

            _buffer.AsSpan(0, _length).CopyTo(larger);
            (var old, _buffer) = (_buffer, larger);
            if (old is not null)
            {
                ArrayPool<byte>.Shared.Return(old);
            }

            return true;
        }
    }

    private void ReturnBuffer()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
