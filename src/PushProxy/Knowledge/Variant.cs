using System.Collections.Immutable;

namespace PushProxy.Knowledge;

/// <summary>
/// What one variant of a page needs, and the versions it is known to need it in: the same needs may come in other bytes (another
/// content coding, a token) or under another validator (another server of the origin's).
/// </summary>
/// <param name="key">Hash of what tells it from other variants (<see cref="Model.VariantKey"/>).</param>
/// <param name="version">The version it was learned from.</param>
/// <param name="page">What it needs.</param>
internal sealed class Variant(UInt128 key, PageVersion version, LearnedPage page)
{
    /// <summary>Versions remembered; the oldest makes room.</summary>
    private const int MaxVersions = 4;

    private ImmutableArray<PageVersion> _versions = [version];
    private long _checkedAt = long.MinValue;

    public UInt128 Key { get; } = key;

    public LearnedPage Page { get; } = page;

    public long Size => 128 + Page.Size + _versions.Sum(static v => 48 + (2L * (v.Validator?.Length ?? 0)));

    /// <summary>Whether the origin names versions of this page at all.</summary>
    public bool HasValidators
    {
        get
        {
            foreach (var version in _versions)
            {
                if (version.Validator is not null)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public bool Knows(string validator)
    {
        foreach (var version in _versions)
        {
            if (version.Validator == validator)
            {
                return true;
            }
        }

        return false;
    }

    public bool Knows(UInt128 contentHash)
    {
        foreach (var version in _versions)
        {
            if (version.ContentHash == contentHash)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>A version passed whose bytes are known; its validator may be new.</summary>
    public void Confirm(PageVersion version, DateTimeOffset now)
    {
        Checked(now);
        Remember(version);
    }

    /// <summary>It is being looked at.</summary>
    public void Checked(DateTimeOffset now) => Volatile.Write(ref _checkedAt, now.UtcTicks);

    /// <summary>Takes over the versions of one that needs the same, and what traffic said of it.</summary>
    public void Inherit(Variant older)
    {
        (Page.Traffic, older.Page.Traffic) = (older.Page.Traffic, null);
        foreach (var version in older._versions)
        {
            ImmutableInterlocked.Update(
                ref _versions, static (all, v) => all.Contains(v) || all.Length >= MaxVersions ? all : all.Insert(0, v), version);
        }
    }

    /// <summary>Whether its bytes were found the same so shortly ago that looking again can wait.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan pause) => now.UtcTicks - pause.Ticks < Volatile.Read(ref _checkedAt);

    private void Remember(PageVersion version) => ImmutableInterlocked.Update(
        ref _versions,
        static (all, v) => all.Contains(v) ? all : (all.Length < MaxVersions ? all : all.RemoveAt(0)).Add(v),
        version);
}

/// <summary>One version of a page.</summary>
/// <param name="ContentHash">
/// Hash of the bytes it was learned from: at most <see cref="LearningOptions.MaxPageBytes"/> of the body as it passed.
/// </param>
/// <param name="Validator">ETag, else Last-Modified (RFC 9110 §8.8); null where the origin sends neither.</param>
internal readonly record struct PageVersion(UInt128 ContentHash, string? Validator);
