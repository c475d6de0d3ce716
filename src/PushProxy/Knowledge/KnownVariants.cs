using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// The variants of one path that everyone gets alike, the one used last at the end, and what must outlive them. Guarded by the path's lock.
/// </summary>
/// <param name="max"><see cref="LearningOptions.MaxVariants"/>.</param>
/// <param name="sharedByAddresses"><see cref="LearningOptions.SharedByAddresses"/>.</param>
internal sealed class KnownVariants(int max, int sharedByAddresses)
{
    private readonly List<Variant> _all = [];
    private readonly ForgottenVariants _forgotten = new(max);

    /// <summary>All of them, to be kept.</summary>
    public IReadOnlyList<Variant> All => [.. _all];

    public IEnumerable<LearnedPage> Pages => _all.Select(static v => v.Page);

    public long Size => _forgotten.Size + _all.Sum(static v => v.Size);

    /// <summary>Returns whether a page that everyone gets tells a name to others.</summary>
    public bool ArePublic(UInt128 name) => _all.Exists(v => v.Page.Says(name) && v.Page.IsTold(name));

    /// <summary>Finds a variant and the page that answers for it: its own page, or the one on which all other variants agree.</summary>
    public (Variant? Exact, LearnedPage? Page) Find(UInt128 key)
    {
        for (var i = 0; i < _all.Count; i++)
        {
            if (_all[i].Key == key)
            {
                var found = _all[i];
                // The most recently used variant goes last.
                if (i < _all.Count - 1)
                {
                    _all.RemoveAt(i);
                    _all.Add(found);
                }

                return (found, found.Page);
            }
        }

        return (null, _forgotten.IsPurged(key) ? null : AgreedPage.Of(_all, sharedByAddresses));
    }

    /// <summary>Compares a page with the one that is known of its variant, which it is about to replace.</summary>
    public void Compare(UInt128 key, LearnedPage page)
    {
        if (_all.Find(v => v.Key == key) is { } before)
        {
            page.Follow(before.Page);
        }
        else
        {
            page.Steadiness = _forgotten.TakeBack(key);
        }
    }

    /// <summary>Replaces an older variant with the same key. Returns the pages that are no longer kept.</summary>
    /// <param name="variant">The variant.</param>
    /// <param name="outcome">What came of it.</param>
    /// <param name="agrees">Whether it needs the same as what was known.</param>
    public IReadOnlyList<LearnedPage> Learn(Variant variant, out LearnOutcome outcome, out bool agrees)
    {
        var gone = new List<LearnedPage>();
        var at = _all.FindIndex(v => v.Key == variant.Key);
        var before = at >= 0 ? _all[at].Page
            : _all.Count > 0 && _all.TrueForAll(v => v.Page.NeedsTheSameAs(_all[^1].Page)) ? _all[^1].Page : null;
        agrees = before is not null && before.NeedsTheSameAs(variant.Page);
        outcome = at < 0 ? LearnOutcome.Learned : agrees ? LearnOutcome.Confirmed : LearnOutcome.Changed;

        if (at >= 0)
        {
            if (agrees)
            {
                variant.Inherit(_all[at]);
            }

            gone.Add(_all[at].Page);
            _all.RemoveAt(at);
        }
        else if (_all.Count >= max)
        {
            at = FairShare.MakesRoom(_all.ConvertAll(static v => v.Page.TaughtBy.Only), variant.Page.TaughtBy.Only);
            gone.Add(_all[at].Page);
            _all.RemoveAt(at);
        }

        _all.Add(variant);
        return gone;
    }

    /// <inheritdoc cref="LearnedPath.Merge"/>
    public bool Merge(Variant variant, out LearnedPage? gone)
    {
        gone = null;
        var at = _all.FindIndex(v => v.Key == variant.Key);
        if (at < 0)
        {
            if (_all.Count >= max)
            {
                return false;
            }

            _all.Insert(0, variant);
            return true;
        }

        if (_all[at].Page.NeedsTheSameAs(variant.Page))
        {
            _all[at].Join(variant);
            return false;
        }

        // Of one analysis, more may be told meanwhile.
        var before = _all[at];
        if (before.LearnedAt > variant.LearnedAt
            || (before.LearnedAt == variant.LearnedAt && !before.Page.Names.All(variant.Page.Says)))
        {
            return false;
        }

        (gone, _all[at]) = (_all[at].Page, variant);
        return true;
    }

    /// <inheritdoc cref="LearnedPath.Forget"/>
    public LearnedPage? Forget(UInt128 key, ulong connection, int enough)
    {
        var at = _all.FindIndex(v => v.Key == key);
        if (at < 0 || !_all[at].IsGone(connection, enough))
        {
            return null;
        }

        var gone = _all[at];
        _all.RemoveAt(at);
        _forgotten.Add(gone);
        return gone.Page;
    }

    /// <inheritdoc cref="LearnedPath.Purge"/>
    public IReadOnlyList<LearnedPage> Purge(HashSet<UInt128>? only)
    {
        var gone = _all.FindAll(v => only?.Contains(v.Key) != false);
        gone.ForEach(_forgotten.Add);
        foreach (var key in only ?? [])
        {
            _forgotten.Purged(key);
        }

        _all.RemoveAll(gone.Contains);
        return [.. gone.Select(static v => v.Page)];
    }

    /// <summary>Takes over what was kept.</summary>
    public void Restore(IEnumerable<Variant> kept) => _all.AddRange(kept.Take(max));
}
