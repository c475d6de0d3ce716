using System.Diagnostics;

namespace PushProxy.Proof;

/// <summary>
/// A sample of one arm's visitors with a sample of the views of each. It is not for several threads at once.
/// </summary>
/// <remarks>
/// A visitor is in the sample if a hash of him is below a threshold, which falls when the sample is full. So it never depends on what was
/// measured nor on how many views somebody has, those in it are in it with all their views, and all others cost one comparison
/// (adaptive sampling: Flajolet, "On adaptive sampling", Computing 43, 1990). Of one visitor's views all are kept up to
/// <see cref="ViewsPerVisitor"/>, after that a reservoir of as many: nobody counts for more, whatever he sends.
/// </remarks>
internal sealed class VisitorSample
{
    /// <summary>
    /// The most views one visitor counts for. Those who read more than this in a day are few, and one of them weighs as much as 16
    /// visitors with one view.
    /// </summary>
    public const int ViewsPerVisitor = 16;

    private readonly int _limit;
    private readonly ulong _seed;
    private ulong _random;
    private ulong _threshold = ulong.MaxValue;

    // What a visitor or a view in the sample stands for.
    private double _weight = 1;

    // A visitor's place in the four arrays below is in _slots at his hash, or at the next free slot after it; 0 is free.
    private int[] _slots = new int[16];
    private ulong[] _hashes = new ulong[8];
    private int[] _seen = new int[8];
    private ushort[] _values = new ushort[8 * ViewsPerVisitor];

    /// <param name="limit">The most visitors kept.</param>
    /// <param name="seed">Chooses which ones.</param>
    public VisitorSample(int limit, ulong seed)
    {
        Debug.Assert(limit > 0);
        _limit = limit;
        _seed = seed;
        _random = Mix(seed) | 1;
    }

    private VisitorSample(VisitorSample other)
    {
        (_limit, _seed, _random, _threshold, _weight) = (other._limit, other._seed, other._random, other._threshold, other._weight);
        (Count, Visitors, Views) = (other.Count, other.Visitors, other.Views);
        _slots = [];
        _hashes = [];
        _seen = other._seen[..Count];
        _values = other._values[..(Count * ViewsPerVisitor)];
    }

    /// <summary>Gets how many visitors are in the sample.</summary>
    public int Count { get; private set; }

    /// <summary>Gets how many visitors there have been: counted while all are in the sample, estimated without bias after that.</summary>
    public double Visitors { get; private set; }

    /// <summary>Gets how many views there have been, at most <see cref="ViewsPerVisitor"/> of each visitor; likewise.</summary>
    public double Views { get; private set; }

    /// <summary>Adds a view. It allocates only when the sample grows.</summary>
    public void Add(ulong visitor, double milliseconds)
    {
        var hash = Mix(visitor ^ _seed);
        if (hash > _threshold)
        {
            return;
        }

        var place = Find(hash);
        if (place < 0)
        {
            return;
        }

        var code = Milliseconds16.Encode(milliseconds);
        var seen = _seen[place];
        if (seen < ViewsPerVisitor)
        {
            _values[(place * ViewsPerVisitor) + seen] = code;
            Views += _weight;
        }
        else if (Next((uint)seen + 1) is var at && at < ViewsPerVisitor)
        {
            _values[(place * ViewsPerVisitor) + (int)at] = code;
        }

        _seen[place] = seen == int.MaxValue ? seen : seen + 1;
    }

    /// <summary>Returns the kept views of one visitor in the sample, as <see cref="Milliseconds16"/>.</summary>
    /// <param name="place">Which visitor, from 0 to <see cref="Count"/>.</param>
    public ReadOnlySpan<ushort> ViewsOf(int place) =>
        _values.AsSpan(place * ViewsPerVisitor, Math.Min(_seen[place], ViewsPerVisitor));

    /// <summary>Returns a copy that can be read while this one grows. It takes no more views.</summary>
    public VisitorSample Freeze() => new(this);

    // The finalizer of SplitMix64. It maps no two visitors to one hash, so the hash can stand for the visitor.
    private static ulong Mix(ulong x)
    {
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return x ^ (x >> 31);
    }

    // The visitor's place, a new one if he has none; −1 if he is new and falls out of the sample at once.
    private int Find(ulong hash)
    {
        var slot = SlotOf(hash);
        if (_slots[slot] != 0)
        {
            return _slots[slot] - 1;
        }

        if (Count == _limit)
        {
            Thin();
            if (hash > _threshold)
            {
                return -1;
            }
        }

        if (Count == _hashes.Length)
        {
            Resize(Math.Min(_limit, 2 * Count));
        }

        _hashes[Count] = hash;
        _seen[Count] = 0;
        _slots[SlotOf(hash)] = ++Count;
        Visitors += _weight;
        return Count - 1;
    }

    private int SlotOf(ulong hash)
    {
        // The low bits: the high ones are all 0 once the threshold is low.
        var slot = (int)hash & (_slots.Length - 1);
        while (_slots[slot] is var place && place != 0 && _hashes[place - 1] != hash)
        {
            slot = (slot + 1) & (_slots.Length - 1);
        }

        return slot;
    }

    // Lowers the threshold by an eighth, which is what falls out of the sample, until there is room.
    private void Thin()
    {
        while (Count == _limit)
        {
            _threshold -= _threshold / 8;
            _weight = ulong.MaxValue / (double)_threshold;
            var kept = 0;
            for (var place = 0; place < Count; place++)
            {
                if (_hashes[place] <= _threshold)
                {
                    _hashes[kept] = _hashes[place];
                    _seen[kept] = _seen[place];
                    _values.AsSpan(place * ViewsPerVisitor, ViewsPerVisitor).CopyTo(_values.AsSpan(kept * ViewsPerVisitor));
                    kept++;
                }
            }

            Count = kept;
        }

        FillSlots();
    }

    private void Resize(int places)
    {
        Array.Resize(ref _hashes, places);
        Array.Resize(ref _seen, places);
        Array.Resize(ref _values, places * ViewsPerVisitor);
        if (_slots.Length < 2 * places)
        {
            _slots = new int[2 * _slots.Length];
        }

        FillSlots();
    }

    private void FillSlots()
    {
        Array.Clear(_slots);
        for (var place = 0; place < Count; place++)
        {
            _slots[SlotOf(_hashes[place])] = place + 1;
        }
    }

    // A number below the bound, from a xorshift generator: what falls out of a reservoir need not be secret.
    private uint Next(uint bound)
    {
        _random ^= _random << 13;
        _random ^= _random >> 7;
        _random ^= _random << 17;
        return (uint)(((_random >> 32) * bound) >> 32);
    }
}
