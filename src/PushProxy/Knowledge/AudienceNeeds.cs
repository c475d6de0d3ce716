using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What the personal pages at one path share, by audience and variant. Guarded by the path's lock.</summary>
/// <param name="max">The maximum number of variants.</param>
/// <param name="sharedBy"><see cref="LearningOptions.SharedBy"/>.</param>
/// <param name="sharedByAddresses"><see cref="LearningOptions.SharedByAddresses"/>.</param>
internal sealed class AudienceNeeds(int max, int sharedBy, int sharedByAddresses)
{
    private readonly List<((Audience Audience, UInt128 Variant) Key, SharedNeeds Needs)> _all = [];

    /// <summary>All of them, to be kept.</summary>
    public IReadOnlyList<((Audience Audience, UInt128 Variant) Key, SharedNeeds Needs)> All => [.. _all];

    /// <summary>What clients are told.</summary>
    public IEnumerable<LearnedPage> Pages => _all.Select(static s => s.Needs.Page).OfType<LearnedPage>();

    public long Size => _all.Sum(static s => s.Needs.Size);

    public SharedNeeds? Find(Audience audience, UInt128 variant) => _all.Find(s => s.Key == (audience, variant)).Needs;

    /// <summary>Adds one client's page to the counts. Returns what was disclosed before and what is disclosed from now on.</summary>
    public (LearnedPage? Before, LearnedPage? Now) Learn(
        PageDescription description, LearnedPage page, Func<UInt128, bool> isPublic, DateTimeOffset now, TimeSpan maxPause,
        out LearnOutcome outcome)
    {
        var needs = FindOrAdd(description.Audience, description.VariantKey, description.Address.Host, out var before);
        outcome = needs.Add(description.Client, page, isPublic, now, maxPause);
        return (before, needs.Page);
    }

    /// <summary>Adds what a client was sent at another instance to the counts.</summary>
    public (LearnedPage? Before, LearnedPage? Now) See(
        SeenPage seen, ClientId client, Func<UInt128, bool> isPublic, DateTimeOffset now, TimeSpan maxPause)
    {
        var needs = FindOrAdd(seen.Audience, seen.Variant, seen.Address, out var before);
        needs.AddSeen(client, seen.Names, isPublic, now, maxPause);
        return (before, needs.Page);
    }

    /// <summary>Takes over what was kept.</summary>
    public void Restore(IEnumerable<((Audience Audience, UInt128 Variant) Key, SharedNeeds Needs)> kept) => _all.AddRange(kept.Take(max));

    /// <summary>Takes over what clients were told at another instance, if there is room.</summary>
    public void Restore(Audience audience, UInt128 variant, LearnedPage page, SavedSteadiness? steadiness)
    {
        if (Find(audience, variant) is { } known)
        {
            known.Restore(page, steadiness);
        }
        else if (_all.Count < max)
        {
            var made = SharedNeeds.For(audience, sharedBy, sharedByAddresses);
            made.Restore(page, steadiness);
            _all.Add(((audience, variant), made));
        }
    }

    /// <summary>Forgets some variants, or all. Returns what clients were told.</summary>
    public IReadOnlyList<LearnedPage> Purge(HashSet<UInt128>? only)
    {
        var gone = _all.FindAll(s => only?.Contains(s.Key.Variant) != false);
        _all.RemoveAll(gone.Contains);
        return [.. gone.Select(static s => s.Needs.Page).OfType<LearnedPage>()];
    }

    private SharedNeeds FindOrAdd(Audience audience, UInt128 variant, ulong address, out LearnedPage? before)
    {
        before = null;
        if (Find(audience, variant) is { } known)
        {
            before = known.Page;
            return known;
        }

        if (_all.Count >= max)
        {
            var at = FairShare.MakesRoom(_all.ConvertAll(static s => s.Needs.Only), address);
            before = _all[at].Needs.Page;
            _all.RemoveAt(at);
        }

        var made = SharedNeeds.For(audience, sharedBy, sharedByAddresses);
        _all.Add(((audience, variant), made));
        return made;
    }
}
