using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Holds what is known about the pages at one path. There is one variant for each query string and each set of values of the request
/// headers that the response's Vary names (RFC 9111 §4.1). When there are too many, the variant unused for the longest time is removed, but
/// one client cannot push out what others use. If two or more variants are known, all agree, and they do not all come from one client, they
/// also answer for a variant never seen, because the query string did not matter.
/// </summary>
/// <param name="vary">The names of the request headers that, besides the query string, tell variants apart.</param>
/// <param name="maxVariants"><see cref="LearningOptions.MaxVariants"/>.</param>
/// <param name="sharedBy"><see cref="LearningOptions.SharedBy"/>.</param>
/// <param name="sharedByAddresses"><see cref="LearningOptions.SharedByAddresses"/>.</param>
internal sealed class LearnedPath(IReadOnlyList<string> vary, int maxVariants, int sharedBy = 2, int sharedByAddresses = 1)
{
    /// <summary>The pause between two analyses of a page that names something else each time.</summary>
    private static readonly TimeSpan ChangingPause = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<Variant> _variants = [];
    private readonly PathNames _names = new();
    private readonly ForgottenVariants _forgotten = new(maxVariants);
    private readonly List<((Audience Audience, UInt128 Variant) Key, SharedNeeds Needs)> _shared = [];
    private TimeSpan _pause;
    private DateTimeOffset _nextLearning;

    /// <summary>The names of the request headers that, besides the query string, tell variants apart.</summary>
    public IReadOnlyList<string> Vary { get; } = vary;

    /// <summary>Whether the cache has removed the path. Guarded by the store's lock.</summary>
    public bool Retired { get; set; }

    /// <summary>What delivery with its pages came to.</summary>
    public PathTotals Totals { get; } = new();

    /// <summary>How long the origin takes for its responses, and how long they are.</summary>
    public PageTiming Timing { get; } = new();

    /// <summary>The answers that lacked what other query strings made their clients expect.</summary>
    public Surprises Guesses { get; } = new();

    /// <summary>The members' answers that lacked what everyone's page made them expect.</summary>
    public Surprises MemberGuesses { get; } = new();

    public long Size
    {
        get
        {
            lock (_lock)
            {
                return 400 + Guesses.Size + MemberGuesses.Size + _names.Size + _forgotten.Size
                    + _variants.Sum(static v => v.Size) + _shared.Sum(static s => s.Needs.Size);
            }
        }
    }

    /// <summary>Returns what an audience's pages share; null as long as nothing may be disclosed.</summary>
    /// <param name="audience">The audience: newcomers or members.</param>
    /// <param name="variantKey">The variant.</param>
    /// <param name="isPartial">True if its pages name more than may be disclosed.</param>
    public LearnedPage? FindShared(Audience audience, UInt128 variantKey, out bool isPartial)
    {
        lock (_lock)
        {
            var needs = Shared(audience, variantKey);
            isPartial = needs?.IsPartial ?? true;
            return needs?.Page;
        }
    }

    /// <summary>Returns whether a client of an audience was sent a page that does not name all that a page names.</summary>
    public bool IsNotFor(Audience audience, UInt128 variantKey, LearnedPage page)
    {
        lock (_lock)
        {
            return Shared(audience, variantKey)?.Lacks(page) == true;
        }
    }

    /// <summary>Returns whether another client's page could teach something new.</summary>
    public bool MayLearnShared(Audience audience, UInt128 variantKey, ClientId client, DateTimeOffset now)
    {
        lock (_lock)
        {
            return Shared(audience, variantKey)?.MayLearn(client, now) ?? true;
        }
    }

    /// <summary>Adds one client's page to the counts. Returns what was disclosed before and what is disclosed from now on.</summary>
    public (LearnedPage? Before, LearnedPage? Now) LearnShared(
        PageDescription description, LearnedPage page, DateTimeOffset now, TimeSpan maxPause, out LearnOutcome outcome)
    {
        lock (_lock)
        {
            var needs = Shared(description.Audience, description.VariantKey);
            LearnedPage? before = null;
            if (needs is null)
            {
                if (_shared.Count >= maxVariants)
                {
                    var at = FairShare.MakesRoom(_shared.ConvertAll(static s => s.Needs.Only), description.Address.Host);
                    before = _shared[at].Needs.Page;
                    _shared.RemoveAt(at);
                }

                _shared.Add(((description.Audience, description.VariantKey), needs = new SharedNeeds(
                    sharedBy, sharedByAddresses, byAddress: description.Audience == Audience.Newcomers && sharedByAddresses > 1)));
            }
            else
            {
                before = needs.Page;
            }

            outcome = needs.Add(description.Client, page, IsPublic, now, maxPause);
            return (before, needs.Page);
        }
    }

    /// <summary>
    /// Notes that a connection was answered that a variant is no longer a page. Once enough connections were, the variant is forgotten: a
    /// request field that one client sends may be the reason for one such answer.
    /// </summary>
    /// <param name="variantKey">The variant.</param>
    /// <param name="connection">The connection.</param>
    /// <param name="enough">How many connections are enough (<see cref="LearningOptions.NamedBy"/>).</param>
    /// <returns>What was known of the variant; null if it was not known, or is not forgotten.</returns>
    public LearnedPage? Forget(UInt128 variantKey, ulong connection, int enough)
    {
        lock (_lock)
        {
            var at = _variants.FindIndex(v => v.Key == variantKey);
            if (at < 0 || !_variants[at].IsGone(connection, enough))
            {
                return null;
            }

            var gone = _variants[at];
            _variants.RemoveAt(at);
            _forgotten.Add(gone);
            return gone.Page;
        }
    }

    /// <summary>Forgets some variants, or all. Returns the pages that are no longer kept.</summary>
    /// <param name="only">The variants; null for all.</param>
    public IReadOnlyList<LearnedPage> Purge(HashSet<UInt128>? only)
    {
        lock (_lock)
        {
            var variants = _variants.FindAll(v => only?.Contains(v.Key) != false);
            var shared = _shared.FindAll(s => only?.Contains(s.Key.Variant) != false);
            variants.ForEach(_forgotten.Add);
            foreach (var key in only ?? [])
            {
                _forgotten.Purged(key);
            }

            _variants.RemoveAll(variants.Contains);
            _shared.RemoveAll(shared.Contains);
            (_pause, _nextLearning) = (default, default);
            return [.. variants.Select(static v => v.Page), .. shared.Select(static s => s.Needs.Page).OfType<LearnedPage>()];
        }
    }

    /// <summary>Finds a variant and the page that answers for it: its own page, or the one on which all other variants agree.</summary>
    public (Variant? Exact, LearnedPage? Page) Find(UInt128 variantKey)
    {
        lock (_lock)
        {
            for (var i = 0; i < _variants.Count; i++)
            {
                if (_variants[i].Key == variantKey)
                {
                    var found = _variants[i];
                    // The most recently used variant goes last.
                    if (i < _variants.Count - 1)
                    {
                        _variants.RemoveAt(i);
                        _variants.Add(found);
                    }

                    return (found, found.Page);
                }
            }

            return (null, _forgotten.IsPurged(variantKey) ? null : AgreedPage.Of(_variants, sharedByAddresses));
        }
    }

    /// <summary>
    /// Returns whether a new or changed variant may be analysed now. Pages whose bytes change with each response have to wait for a pause.
    /// </summary>
    public bool MayLearn(DateTimeOffset now)
    {
        lock (_lock)
        {
            return now >= _nextLearning;
        }
    }

    /// <inheritdoc cref="PathNames.WitnessesOf"/>
    public NameWitnesses WitnessesOf(UInt128 name, int enough)
    {
        lock (_lock)
        {
            return _names.WitnessesOf(name, enough);
        }
    }

    /// <summary>Compares a page with the one that is known of its variant, which it is about to replace.</summary>
    public void Compare(UInt128 variantKey, LearnedPage page)
    {
        lock (_lock)
        {
            if (_variants.Find(v => v.Key == variantKey) is { } before)
            {
                page.Follow(before.Page);
            }
            else
            {
                page.Steadiness = _forgotten.TakeBack(variantKey);
            }
        }
    }

    /// <summary>Replaces an older variant with the same key. Returns the pages that are no longer kept.</summary>
    public IReadOnlyList<LearnedPage> Learn(Variant variant, DateTimeOffset now, TimeSpan maxPause, out LearnOutcome outcome)
    {
        lock (_lock)
        {
            var gone = new List<LearnedPage>();
            var at = _variants.FindIndex(v => v.Key == variant.Key);
            var before = at >= 0 ? _variants[at].Page
                : _variants.Count > 0 && _variants.TrueForAll(v => v.Page.NeedsTheSameAs(_variants[^1].Page)) ? _variants[^1].Page : null;
            var agrees = before is not null && before.NeedsTheSameAs(variant.Page);
            outcome = at < 0 ? LearnOutcome.Learned : agrees ? LearnOutcome.Confirmed : LearnOutcome.Changed;

            // If the bytes change while the needs stay the same, pause longer and longer. A difference in the needs ends the pause at once,
            // unless there is one each time. As long as names wait for a second visitor, it does not grow, so that one client can't keep
            // the others from being counted.
            _pause = !agrees ? variant.Page.Steadiness is { KeepsChanging: true } ? ChangingPause : TimeSpan.Zero
                : _pause == TimeSpan.Zero || !variant.Page.IsConfirmed ? TimeSpan.FromSeconds(1) : _pause * 2;
            _pause = _pause > maxPause ? maxPause : _pause;
            _nextLearning = now + _pause;

            if (at >= 0)
            {
                if (agrees)
                {
                    variant.Inherit(_variants[at]);
                }

                gone.Add(_variants[at].Page);
                _variants.RemoveAt(at);
            }
            else if (_variants.Count >= maxVariants)
            {
                at = FairShare.MakesRoom(_variants.ConvertAll(static v => v.Page.TaughtBy.Only), variant.Page.TaughtBy.Only);
                gone.Add(_variants[at].Page);
                _variants.RemoveAt(at);
            }

            _variants.Add(variant);
            return gone;
        }
    }

    /// <summary>Returns all pages of this path, so that their resources can be released.</summary>
    public IReadOnlyList<LearnedPage> Pages()
    {
        lock (_lock)
        {
            return [.. _variants.Select(v => v.Page), .. _shared.Select(s => s.Needs.Page).OfType<LearnedPage>()];
        }
    }

    private bool IsPublic(UInt128 name) => _variants.Exists(v => v.Page.Says(name) && v.Page.IsTold(name));

    private SharedNeeds? Shared(Audience audience, UInt128 variantKey) => _shared.Find(s => s.Key == (audience, variantKey)).Needs;
}
