using System.Buffers;
using System.IO.Hashing;

namespace PushProxy.Learning;

/// <summary>
/// A copy of the first bytes of a passing body, in pooled memory. It is limited in size, and all copies share a budget. Not thread-safe.
/// Whoever holds it disposes it.
/// </summary>
internal sealed class PageCopy : IDisposable
{
    private const int FirstBuffer = 16 * 1024;

    private readonly CopyBudget _budget;
    private readonly int _limit;
    private byte[]? _buffer;
    private int _length;

    private PageCopy(CopyBudget budget, int limit, byte[] buffer)
    {
        (_budget, _limit, _buffer) = (budget, limit, buffer);
    }

    /// <summary>Whether the body is longer than the copy may be.</summary>
    public bool Truncated { get; private set; }

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <param name="budget">The budget that all copies share.</param>
    /// <param name="limit">The maximum size of this copy, in bytes.</param>
    /// <param name="expected">The body's length, if known. Then the copy does not have to grow.</param>
    /// <returns>The copy; null if the budget has no room for it.</returns>
    public static PageCopy? TryCreate(CopyBudget budget, int limit, long? expected)
    {
        var buffer = Rent(budget, (int)Math.Min(limit, expected is > 0 ? expected.Value : FirstBuffer));
        return buffer is null ? null : new PageCopy(budget, limit, buffer);
    }

    /// <summary>Appends as many bytes as fit.</summary>
    /// <returns>False if the budget has no room for the copy to grow. The copy is then useless.</returns>
    public bool Append(ReadOnlySpan<byte> bytes)
    {
        var room = _limit - _length;
        if (bytes.Length > room)
        {
            Truncated = true;
            bytes = bytes[..room];
        }

        if (_length + bytes.Length > _buffer!.Length && !Grow(_length + bytes.Length))
        {
            return false;
        }

        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
        return true;
    }

    /// <summary>Returns the hash of the copy, which is the version of a page without a validator.</summary>
    public UInt128 Hash() => XxHash128.HashToUInt128(Bytes.Span);

    public void Dispose()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            _length = 0;
            Return(_budget, buffer);
        }
    }

    private bool Grow(int needed)
    {
        var larger = Rent(_budget, (int)Math.Min(_limit, Math.Max((long)_buffer!.Length * 2, needed)));
        if (larger is null)
        {
            return false;
        }

        _buffer.AsSpan(0, _length).CopyTo(larger);
        Return(_budget, _buffer);
        _buffer = larger;
        return true;
    }

    private static byte[]? Rent(CopyBudget budget, int size)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(size);
        if (budget.TryReserve(buffer.Length))
        {
            return buffer;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        return null;
    }

    private static void Return(CopyBudget budget, byte[] buffer)
    {
        budget.Return(buffer.Length);
        ArrayPool<byte>.Shared.Return(buffer);
    }
}
