using PushProxy.Knowledge.Saved;

namespace PushProxy.Knowledge;

/// <summary>
/// Counts answers that lacked something their clients were told of in advance, over the last <see cref="Window"/> answers. More than one of
/// them is too many: then nothing is told in advance until the page is steady. One address alone decides that only for itself, because its
/// requests may be the reason. Safe for use by several requests at once.
/// </summary>
internal sealed class Surprises
{
    /// <summary>The number of answers over which a page is judged: one wrong delivery in twenty.</summary>
    public const int Window = 20;

    /// <summary>How many answers a surprise is remembered for.</summary>
    public const int LongWindow = 64;

    private readonly Lock _lock = new();
    private readonly List<(long At, ulong Address)> _surprises = [];
    private long _answers;
    private long _checkedAt = long.MinValue;
    private volatile bool _isQuiet = true;

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => 88 + (16L * _surprises.Capacity);

    /// <summary>Whether none of the last <see cref="LongWindow"/> answers was a surprise.</summary>
    public bool IsQuiet => _isQuiet;

    /// <summary>Whether more than one of the last <see cref="LongWindow"/> answers was a surprise.</summary>
    public bool AreMany
    {
        get
        {
            lock (_lock)
            {
                return _surprises.Count > 1;
            }
        }
    }

    /// <summary>Returns the surprises, to be kept; null if there are none.</summary>
    public IReadOnlyList<SavedSurprise>? Save()
    {
        lock (_lock)
        {
            return _surprises.Count == 0 ? null : [.. _surprises.Select(s => new SavedSurprise((int)(_answers - s.At), s.Address))];
        }
    }

    /// <summary>Takes over surprises that were kept.</summary>
    public void Restore(IReadOnlyList<SavedSurprise>? saved)
    {
        lock (_lock)
        {
            foreach (var (ago, address) in (saved ?? []).Where(static s => s.Ago is >= 0 and < LongWindow).Take(LongWindow))
            {
                _surprises.Add((_answers - ago, address));
                _isQuiet = false;
            }
        }
    }

    /// <summary>Notes an answer.</summary>
    /// <param name="isSurprise">Whether it lacked something that clients are told in advance.</param>
    /// <param name="address">Its client's address (<see cref="Model.ClientId.Address"/>).</param>
    public void Note(bool isSurprise, ulong address)
    {
        if (_isQuiet && !isSurprise)
        {
            return;
        }

        lock (_lock)
        {
            _answers++;
            _surprises.RemoveAll(s => s.At <= _answers - LongWindow);
            if (isSurprise)
            {
                _surprises.Add((_answers, address));
            }

            _isQuiet = _surprises.Count == 0;
        }
    }

    /// <summary>
    /// Returns whether more than one of the last <see cref="Window"/> answers was a surprise: at more than one address, or at this one.
    /// </summary>
    public bool AreTooMany(ulong address)
    {
        if (_isQuiet)
        {
            return false;
        }

        lock (_lock)
        {
            var (own, others, other) = (0, 0, 0ul);
            foreach (var (at, from) in _surprises)
            {
                if (at <= _answers - Window)
                {
                    continue;
                }

                if (from == address)
                {
                    own++;
                }
                else if (others == 0 || from != other)
                {
                    (others, other) = (others + 1, from);
                }
            }

            return own > 1 || others > 1 || (own > 0 && others > 0);
        }
    }

    /// <summary>
    /// Returns whether an answer that teaches nothing is to be read to see whether it surprises: while answers do, each of them; else one
    /// after each pause.
    /// </summary>
    public bool MayCheck(DateTimeOffset now, TimeSpan pause)
    {
        if (_isQuiet && now.UtcTicks - pause.Ticks < Volatile.Read(ref _checkedAt))
        {
            return false;
        }

        Volatile.Write(ref _checkedAt, now.UtcTicks);
        return true;
    }
}
