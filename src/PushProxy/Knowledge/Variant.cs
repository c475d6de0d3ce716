using System.Collections.Immutable;

namespace PushProxy.Knowledge;

/// <summary>
/// What one variant of a page needs, and the versions known to need it. The same needs may come with other bytes (another content coding, a
/// token) or with another validator (another server of the origin).
/// </summary>
/// <param name="key">The hash that tells this variant from others (<see cref="Model.VariantKey"/>).</param>
/// <param name="version">The version it was learned from.</param>
/// <param name="page">What the variant needs.</param>
internal sealed class Variant(UInt128 key, PageVersion version, LearnedPage page)
{
    /// <summary>The maximum number of versions remembered. When it is reached, the oldest is removed.</summary>
    private const int MaxVersions = 4;

    private ImmutableArray<PageVersion> _versions = [version];
    private long _checkedAt = long.MinValue;
    private NameWitnesses? _gone;

    /// <summary>Takes over a variant that was kept.</summary>
    public Variant(UInt128 key, IEnumerable<PageVersion> versions, LearnedPage page, DateTimeOffset learnedAt)
        : this(key, default(PageVersion), page) => (_versions, LearnedAt) = ([.. versions.Take(MaxVersions)], learnedAt);

    public UInt128 Key { get; } = key;

    public LearnedPage Page { get; } = page;

    /// <summary>When it was analysed.</summary>
    public DateTimeOffset LearnedAt { get; init; }

    public long Size => 128 + Page.Size + _versions.Sum(static v => 48 + (2L * (v.Validator?.Length ?? 0)));

    /// <summary>The versions that need the same.</summary>
    public IReadOnlyList<PageVersion> Versions => _versions;

    /// <summary>Whether the origin sends validators for this page.</summary>
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

    /// <summary>Notes that a version with known bytes passed. Its validator may be new.</summary>
    public void Confirm(PageVersion version, DateTimeOffset now)
    {
        Checked(now);
        Remember(version);
    }

    /// <summary>Notes that the variant came as a page.</summary>
    public void Came() => Volatile.Write(ref _gone, null);

    /// <summary>
    /// Notes that a connection was answered that the variant is no longer a page. Returns whether enough connections were, without a page
    /// in between.
    /// </summary>
    public bool IsGone(ulong connection, int enough)
    {
        var gone = Volatile.Read(ref _gone) ?? new NameWitnesses(enough);
        Volatile.Write(ref _gone, gone);
        gone.Add(connection);
        return gone.IsTold;
    }

    /// <summary>Notes that the variant is being checked now.</summary>
    public void Checked(DateTimeOffset now) => Volatile.Write(ref _checkedAt, now.UtcTicks);

    /// <summary>Takes over the versions and the traffic of an older variant with the same needs.</summary>
    public void Inherit(Variant older)
    {
        (Page.Traffic, older.Page.Traffic) = (older.Page.Traffic, null);
        Join(older);
    }

    /// <summary>Takes over who was sent another variant with the same needs, and its versions.</summary>
    public void Join(Variant other)
    {
        Page.TaughtBy.Add(other.Page.TaughtBy);
        foreach (var version in other._versions)
        {
            ImmutableInterlocked.Update(
                ref _versions, static (all, v) => all.Contains(v) || all.Length >= MaxVersions ? all : all.Insert(0, v), version);
        }
    }

    /// <summary>Returns whether the last check found the same bytes so recently that the next check can wait.</summary>
    public bool IsFresh(DateTimeOffset now, TimeSpan pause) => now.UtcTicks - pause.Ticks < Volatile.Read(ref _checkedAt);

    private void Remember(PageVersion version) => ImmutableInterlocked.Update(
        ref _versions,
        static (all, v) => all.Contains(v) ? all : (all.Length < MaxVersions ? all : all.RemoveAt(0)).Add(v),
        version);
}

/// <summary>One version of a page.</summary>
/// <param name="ContentHash">
/// The hash of the bytes that the page was learned from: at most <see cref="LearningOptions.MaxPageBytes"/> of the body as it passed.
/// </param>
/// <param name="Validator">The ETag, else Last-Modified (RFC 9110 §8.8); null if the origin sends neither.</param>
internal readonly record struct PageVersion(UInt128 ContentHash, string? Validator);
