using PushProxy.Knowledge.Saved;
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
    private readonly Lock _lock = new();
    private readonly KnownVariants _variants = new(maxVariants, sharedByAddresses);
    private readonly PathNames _names = new();
    private readonly AudienceNeeds _shared = new(maxVariants, sharedBy, sharedByAddresses);
    private readonly LearningPause _pause = new();
    private long _usedAt;

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
                return 400 + Guesses.Size + MemberGuesses.Size + _names.Size + _variants.Size + _shared.Size;
            }
        }
    }

    /// <summary>When it was last looked for, as the ticks of UTC.</summary>
    public long UsedAt
    {
        get => Volatile.Read(ref _usedAt);
        set => Volatile.Write(ref _usedAt, value);
    }

    /// <summary>Returns all that is known, to be kept.</summary>
    public PathParts Parts()
    {
        lock (_lock)
        {
            return new(_variants.All, _shared.All, _names.Told);
        }
    }

    /// <summary>Takes over what was kept. Called before the path is used.</summary>
    public void Restore(PathParts parts)
    {
        lock (_lock)
        {
            _variants.Restore(parts.Variants);
            _shared.Restore(parts.Shared);
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
            var needs = _shared.Find(audience, variantKey);
            isPartial = needs?.IsPartial ?? true;
            return needs?.Page;
        }
    }

    /// <summary>Returns whether a client of an audience was sent a page that does not name all that a page names.</summary>
    public bool IsNotFor(Audience audience, UInt128 variantKey, LearnedPage page)
    {
        lock (_lock)
        {
            return _shared.Find(audience, variantKey)?.Lacks(page) == true;
        }
    }

    /// <summary>Returns whether another client's page could teach something new.</summary>
    public bool MayLearnShared(Audience audience, UInt128 variantKey, ClientId client, DateTimeOffset now)
    {
        lock (_lock)
        {
            return _shared.Find(audience, variantKey)?.MayLearn(client, now) ?? true;
        }
    }

    /// <summary>Adds one client's page to the counts. Returns what was disclosed before and what is disclosed from now on.</summary>
    public (LearnedPage? Before, LearnedPage? Now) LearnShared(
        PageDescription description, LearnedPage page, DateTimeOffset now, TimeSpan maxPause, out LearnOutcome outcome)
    {
        lock (_lock)
        {
            return _shared.Learn(description, page, IsPublic, now, maxPause, out outcome);
        }
    }

    /// <summary>Takes over what an audience's pages share at another instance.</summary>
    public void RestoreShared(Audience audience, UInt128 variant, LearnedPage page, SavedSteadiness? steadiness)
    {
        lock (_lock)
        {
            _shared.Restore(audience, variant, page, steadiness);
        }
    }

    /// <summary>
    /// Takes over a variant that another instance has learned: if it is not known here, or was learned here before and needs something else
    /// now.
    /// </summary>
    /// <param name="variant">The variant.</param>
    /// <param name="gone">What was known of it and is not kept any more.</param>
    /// <returns>Whether it was taken over.</returns>
    public bool Merge(Variant variant, out LearnedPage? gone)
    {
        lock (_lock)
        {
            return _variants.Merge(variant, out gone);
        }
    }

    /// <summary>Adds what a client was sent at another instance to the counts.</summary>
    /// <inheritdoc cref="LearnShared"/>
    public (LearnedPage? Before, LearnedPage? Now) SeeShared(SeenPage seen, ClientId client, DateTimeOffset now, TimeSpan maxPause)
    {
        lock (_lock)
        {
            return _shared.See(seen, client, IsPublic, now, maxPause);
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
            return _variants.Forget(variantKey, connection, enough);
        }
    }

    /// <summary>Forgets some variants, or all. Returns the pages that are no longer kept.</summary>
    /// <param name="only">The variants; null for all.</param>
    public IReadOnlyList<LearnedPage> Purge(HashSet<UInt128>? only)
    {
        lock (_lock)
        {
            _pause.End();
            return [.. _variants.Purge(only), .. _shared.Purge(only)];
        }
    }

    /// <summary>Finds a variant and the page that answers for it: its own page, or the one on which all other variants agree.</summary>
    public (Variant? Exact, LearnedPage? Page) Find(UInt128 variantKey)
    {
        lock (_lock)
        {
            return _variants.Find(variantKey);
        }
    }

    /// <summary>
    /// Returns whether a new or changed variant may be analysed now. Pages whose bytes change with each response have to wait for a pause.
    /// </summary>
    public bool MayLearn(DateTimeOffset now)
    {
        lock (_lock)
        {
            return _pause.IsOver(now);
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
            _variants.Compare(variantKey, page);
        }
    }

    /// <summary>Replaces an older variant with the same key. Returns the pages that are no longer kept.</summary>
    public IReadOnlyList<LearnedPage> Learn(Variant variant, DateTimeOffset now, TimeSpan maxPause, out LearnOutcome outcome)
    {
        lock (_lock)
        {
            var gone = _variants.Learn(variant, out outcome, out var agrees);
            _pause.Begin(variant.Page, agrees, now, maxPause);
            return gone;
        }
    }

    /// <summary>Returns all pages of this path, so that their resources can be released.</summary>
    public IReadOnlyList<LearnedPage> Pages()
    {
        lock (_lock)
        {
            return [.. _variants.Pages, .. _shared.Pages];
        }
    }

    private bool IsPublic(UInt128 name) => _variants.ArePublic(name);
}
