using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Sharing;

/// <summary>Brings together what this instance and others know of the pages at one path.</summary>
/// <param name="options">The limits.</param>
/// <param name="registry">Keeps the resources that pages name.</param>
/// <param name="time">The clock.</param>
/// <param name="templates">What the pages around a page have in common.</param>
/// <param name="paths">The known paths.</param>
/// <param name="counts">Who was sent what the pages say.</param>
/// <param name="purged">What was purged lately.</param>
/// <param name="learning">The store's lock.</param>
internal sealed class PathMerge(
    LearningOptions options, ResourceRegistry registry, TimeProvider time, TemplateStore templates, PathCache paths, NameCounts counts,
    RecentlyPurged purged, Lock learning)
{
    /// <summary>Counts what a client was sent at another instance, if the path is known here.</summary>
    /// <returns>The path, if clients are told more of it now; else null.</returns>
    public PageKey? See(SeenPage seen, ClientId client)
    {
        lock (learning)
        {
            if (paths.Peek(seen.Path) is not (var key, { Retired: false } path))
            {
                return null;
            }

            if (seen.Audience == Audience.Everyone)
            {
                return SeeEveryones(key, path, seen) ? key : null;
            }

            var (before, now) = path.SeeShared(seen, client, time.GetUtcNow(), options.MaxRelearnPause);
            Replace(key, before, now);
            paths.Keep(key, path);
            return now != before ? key : null;
        }
    }

    /// <summary>Takes over what another instance knows.</summary>
    /// <returns>Whether this instance knows more.</returns>
    public bool Merge(SavedPath saved)
    {
        lock (learning)
        {
            // It was learned before it was purged.
            if (purged.HaveHit(saved.Key, time.GetTimestamp() - Ticks(time.GetUtcNow() - LearnedAt(saved))))
            {
                return true;
            }

            if (paths.Peek(RecordKey.Of(saved.Key)) is not (_, { Retired: false } path))
            {
                paths.Restore(saved);
                return false;
            }

            if (!path.Vary.SequenceEqual(saved.Vary))
            {
                return false;
            }

            // What others tell of a page is told of the same page here from now on.
            var isMore = path.Pages().Any(static p => !p.IsConfirmed);
            foreach (var name in saved.Told)
            {
                isMore |= path.WitnessesOf(name, options.NamedBy).Tell();
            }

            foreach (var variant in saved.Variants)
            {
                var page = KeptNeeds.Restore(variant.Needs, path, options, registry);
                if (path.Merge(new Variant(variant.Key, variant.Versions, page, variant.LearnedAt), out var gone))
                {
                    registry.AcquireAll(page);
                    registry.Release(gone);
                    templates.Learn(saved.Key, page, compare: false);
                    isMore = true;
                }
            }

            foreach (var shared in saved.Shared)
            {
                if (path.FindShared(shared.Audience, shared.Variant, out _) is null)
                {
                    var page = KeptNeeds.RestoreShared(shared.Needs);
                    path.RestoreShared(shared.Audience, shared.Variant, page, shared.Needs.Steadiness);
                    Replace(saved.Key, null, page);
                }
            }

            if (isMore)
            {
                registry.PlansChanged();
                TellAll(path);
            }

            paths.Keep(saved.Key, path);
            return KnowsMore(path, saved);
        }
    }

    // The memory that hashes of connections take was counted with the names.
    private bool SeeEveryones(PageKey key, LearnedPath path, SeenPage seen)
    {
        var isTold = false;
        foreach (var name in seen.Names)
        {
            isTold |= path.WitnessesOf(name, options.NamedBy).Add(seen.Connection);
        }

        foreach (var variant in path.Parts().Variants)
        {
            var page = variant.Page;
            var speaks = variant.Key == seen.Variant && page.Names.All(seen.Names.Contains)
                && page.TaughtBy.Add(seen.Address) && page.TaughtBy.Count == options.SharedByAddresses;
            if (isTold || speaks)
            {
                templates.Learn(key, page, compare: false);
            }
        }

        if (isTold)
        {
            registry.PlansChanged();
            TellAll(path);
        }

        return isTold;
    }

    private void TellAll(LearnedPath path)
    {
        foreach (var page in path.Pages())
        {
            counts.Tell(page);
        }
    }

    private void Replace(PageKey key, LearnedPage? before, LearnedPage? now)
    {
        if (now == before)
        {
            return;
        }

        registry.Acquire(now);
        registry.Release(before);
        if (now is not null)
        {
            templates.Learn(key, now, compare: false);
            counts.Tell(now);
        }
    }

    private long Ticks(TimeSpan past) => (long)(past.TotalSeconds * time.TimestampFrequency);

    private DateTimeOffset LearnedAt(SavedPath saved) =>
        saved.Variants.Select(static v => v.LearnedAt).DefaultIfEmpty(time.GetUtcNow()).Max();

    private static bool KnowsMore(LearnedPath path, SavedPath saved)
    {
        var parts = path.Parts();
        return parts.Told.Contains(NameKey.ThePage)
            && parts.Variants.Any(v => v.Page.IsConfirmed && saved.Variants.All(s => s.Key != v.Key));
    }
}
