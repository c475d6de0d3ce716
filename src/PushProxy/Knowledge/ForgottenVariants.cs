namespace PushProxy.Knowledge;

/// <summary>Remembers of the variants of one path that are no longer known what must outlive them. Guarded by the path's lock.</summary>
/// <param name="max">The maximum number of variants. When there are more, the one forgotten first is dropped.</param>
internal sealed class ForgottenVariants(int max)
{
    private readonly OrderedDictionary<UInt128, Steadiness> _steadiness = [];
    private readonly List<UInt128> _purged = [];

    /// <summary>The estimated memory in bytes.</summary>
    public long Size => (16L * _purged.Count) + _steadiness.Values.Sum(static s => 48 + s.Size);

    /// <summary>Notes a variant that is forgotten. If it comes back, it has not become steady by having been away.</summary>
    public void Add(Variant gone)
    {
        if (gone.Page.Steadiness is { } steadiness)
        {
            _steadiness[gone.Key] = steadiness;
            if (_steadiness.Count > max)
            {
                _steadiness.RemoveAt(0);
            }
        }
    }

    /// <summary>Notes that a variant was purged. Other variants do not speak for it until it has come back.</summary>
    public void Purged(UInt128 variantKey)
    {
        _purged.Remove(variantKey);
        _purged.Add(variantKey);
        if (_purged.Count > max)
        {
            _purged.RemoveAt(0);
        }
    }

    /// <summary>Returns whether a variant was purged and has not come back.</summary>
    public bool IsPurged(UInt128 variantKey) => _purged.Contains(variantKey);

    /// <summary>Notes that a variant has come back. Returns which of its names come and go; null if that is not known.</summary>
    public Steadiness? TakeBack(UInt128 variantKey)
    {
        _purged.Remove(variantKey);
        return _steadiness.Remove(variantKey, out var steadiness) ? steadiness : null;
    }
}
