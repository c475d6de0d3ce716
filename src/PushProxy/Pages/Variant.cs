namespace PushProxy.Pages;

/// <summary>One version of one variant of a page.</summary>
/// <param name="Key">Hash of what tells it from other variants (see <see cref="VariantKey"/>).</param>
/// <param name="ContentHash">Hash of the bytes it was learned from: at most <see cref="LearningOptions.MaxPageBytes"/> of the body as it passed.</param>
/// <param name="Validator">ETag, else Last-Modified (RFC 9110 §8.8); null where the origin sends neither.</param>
/// <param name="Page">What it needs.</param>
internal sealed record Variant(UInt128 Key, UInt128 ContentHash, string? Validator, LearnedPage Page)
{
    private long _checkedAt = long.MinValue;

    /// <summary>Its bytes passed again and were the same.</summary>
    public void Checked(DateTimeOffset now) => Volatile.Write(ref _checkedAt, now.UtcTicks);

    /// <summary>Whether its bytes were found the same so shortly ago that looking again can wait.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan pause) => now.UtcTicks - pause.Ticks < Volatile.Read(ref _checkedAt);
}
