using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>Says what is kept of a path, and makes a path of it again.</summary>
internal static class KeptPath
{
    /// <summary>
    /// Returns what is kept of a path; null if nothing is: too few connections were sent it, or nothing of it may be told to everybody.
    /// </summary>
    public static SavedPath? Of(PageKey key, LearnedPath path, ResourceRegistry registry)
    {
        var parts = path.Parts();
        var variants = parts.Told.Contains(NameKey.ThePage)
            ? parts.Variants.Select(v => Of(v, registry)).OfType<SavedVariant>().ToList() : [];
        var shared = parts.Shared.Select(s => Of(s.Key, s.Needs, registry)).OfType<SavedShared>().ToList();
        return variants.Count + shared.Count == 0 ? null
            : new SavedPath(key, new DateTimeOffset(path.UsedAt, TimeSpan.Zero), path.Vary, variants, shared)
            {
                Told = [.. parts.Told.Except(variants.Count == 0 ? [] : parts.Variants.SelectMany(static v => v.Page.CountedNames))],
                Timing = path.Timing.Saved,
                Totals = path.Totals.Kept,
                Guesses = path.Guesses.Save(),
                MemberGuesses = path.MemberGuesses.Save(),
            };
    }

    /// <summary>Makes a path of what was kept.</summary>
    public static LearnedPath Restore(SavedPath saved, LearningOptions options, ResourceRegistry registry)
    {
        var path = new LearnedPath(saved.Vary, options.MaxVariants, options.SharedBy, options.SharedByAddresses)
        {
            UsedAt = saved.UsedAt.UtcTicks,
        };
        foreach (var name in saved.Told)
        {
            path.WitnessesOf(name, options.NamedBy).Tell();
        }

        (path.Timing.Saved, path.Totals.Kept) = (saved.Timing, saved.Totals);
        path.Guesses.Restore(saved.Guesses);
        path.MemberGuesses.Restore(saved.MemberGuesses);
        path.Restore(new PathParts(
            [
                .. saved.Variants.Select(v =>
                    new Variant(v.Key, v.Versions, KeptNeeds.Restore(v.Needs, path, options, registry), v.LearnedAt)),
            ],
            [.. saved.Shared.Select(s => ((s.Audience, s.Variant), Restore(s, options)))],
            saved.Told));
        return path;
    }

    private static SavedVariant? Of(Variant variant, ResourceRegistry registry) =>
        KeptNeeds.Of(variant.Page, registry, variant.Page.Steadiness?.Save()) is { } needs
            ? new(variant.Key, KeptNeeds.IsWhole(variant.Page) ? variant.Versions : [], variant.LearnedAt, needs) : null;

    private static SavedShared? Of((Audience Audience, UInt128 Variant) key, SharedNeeds shared, ResourceRegistry registry) =>
        shared.Page is { } page && KeptNeeds.Of(page, registry, shared.Steadiness) is { } needs
            ? new(key.Audience, key.Variant, needs) : null;

    private static SharedNeeds Restore(SavedShared saved, LearningOptions options)
    {
        var needs = SharedNeeds.For(saved.Audience, options.SharedBy, options.SharedByAddresses);
        needs.Restore(KeptNeeds.RestoreShared(saved.Needs), saved.Needs.Steadiness);
        return needs;
    }
}
