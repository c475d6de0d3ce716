using System.Collections;
using System.Runtime.CompilerServices;

namespace PushProxy.Analysis.Budgets;

/// <summary>
/// A list whose memory is charged as it grows. It is for work on one element after the other: what one element needs may be large, and
/// its memory serves the next.
/// </summary>
/// <param name="budget">What is charged.</param>
/// <param name="cost">What for.</param>
internal sealed class ChargedList<T>(AnalysisBudget budget, AnalysisCost cost) : IReadOnlyList<T>
{
    /// <summary>
    /// The most memory that one list takes, in bytes. What one element of somebody's page needs is far below. An array of half the budget
    /// would have to be found in one piece.
    /// </summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    private const int Small = 64;

    private T[] _items = new T[Small];
    private long _charged;

    public int Count { get; private set; }

    public T this[int index] => Span[index];

    /// <summary>What is in it. Good until the next change.</summary>
    public Span<T> Span => _items.AsSpan(0, Count);

    /// <summary>Adds an item.</summary>
    /// <returns>False when there is no memory for it, or the list is as long as one may be: the work is to end.</returns>
    public bool TryAdd(T item)
    {
        if (Count == _items.Length && !TryGrow())
        {
            return false;
        }

        _items[Count++] = item;
        return true;
    }

    /// <summary>Takes everything out, and keeps the memory.</summary>
    public void Clear() => Count = 0;

    public IEnumerator<T> GetEnumerator() => _items.Take(Count).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    // While it is copied, the memory is taken twice.
    private bool TryGrow()
    {
        var bytes = 2L * _items.Length * Unsafe.SizeOf<T>();
        if (!budget.Keep(cost, bytes <= MaxBytes ? bytes : long.MaxValue))
        {
            return false;
        }

        Array.Resize(ref _items, 2 * _items.Length);
        budget.GiveBack(_charged);
        _charged = bytes;
        return true;
    }
}
