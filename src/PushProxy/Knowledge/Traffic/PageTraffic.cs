using System.Collections.Frozen;
using PushProxy.Analysis;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge.Traffic;

/// <summary>
/// Counts what browsers request after one page. A resource that is delivered tells nothing, because the delivery itself changes whether it
/// is requested. So for a delivered resource only those views count in which it was held out. Safe for use by several requests at once.
/// </summary>
/// <param name="analysis">What the analysis found that the page needs.</param>
/// <param name="options">The thresholds.</param>
internal sealed class PageTraffic(PageAnalysis analysis, LearningOptions options)
{
    /// <summary>The maximum number of resources counted. A further one waits until another proves useless.</summary>
    public const int MaxCandidates = 32;

    /// <summary>The maximum number of views watched at the same time. Further views are not counted.</summary>
    public const int MaxPending = 16;

    private readonly Lock _lock = new();
    private readonly List<CountedResource> _candidates =
        [.. analysis.Resources.Where(TrafficScope.IsDoubtful).Take(MaxCandidates / 2)
            .Select(r => new CountedResource(r, isFound: true, options.TrafficAddresses))];

    private readonly FrozenSet<string> _named = analysis.Resources.Select(static r => r.Url.PathAndQuery)
        .ToFrozenSet(StringComparer.Ordinal);
    private volatile TrafficVerdict _verdict = TrafficVerdict.None;
    private int _changes;
    private int _pending;
    private uint _views;
    private uint _holdOuts;

    /// <summary>The verdict in force.</summary>
    public TrafficVerdict Verdict => _verdict;

    /// <summary>Whether the page is no longer used for delivery. Guarded by the store's lock.</summary>
    public bool IsRetired { get; set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _candidates.Count;
            }
        }
    }

    public long Size
    {
        get
        {
            lock (_lock)
            {
                return 256 + _candidates.Sum(static c => c.Size) + _named.Sum(static n => 32 + (2L * n.Length));
            }
        }
    }

    /// <summary>
    /// Starts watching a view of a client that has nothing of the page yet. Returns null if enough views are being watched.
    /// </summary>
    public TrafficView? Begin(
        PageKey key, LearnedPath path, IViewer viewer, (string Scheme, string Authority, string Target) page, DateTimeOffset now,
        ulong network = 0)
    {
        lock (_lock)
        {
            if (_pending >= MaxPending)
            {
                return null;
            }

            _pending++;
            string? heldOut = null;
            if (++_views % (uint)options.HoldOutEvery == 0)
            {
                var delivered = _candidates.FindAll(static c => c.IsDelivered);
                heldOut = delivered.Count == 0 ? null : delivered[(int)(_holdOuts++ % (uint)delivered.Count)].Target;
            }

            return new TrafficView(this, key, path, viewer, page, now, _changes, heldOut) { Network = network };
        }
    }

    /// <summary>Returns the page's own string for a target that the page needs or that is counted; null for any other target.</summary>
    public string? Known(string target)
    {
        if (_named.TryGetValue(target, out var named))
        {
            return named;
        }

        lock (_lock)
        {
            return _candidates.Find(c => c.Target == target)?.Target;
        }
    }

    /// <summary>Ends a watched view and counts it.</summary>
    /// <param name="view">The view.</param>
    /// <param name="wasGiven">Returns whether the client was seen to get a resource without requesting it: by push.</param>
    /// <returns>True if the counts or the verdict have changed.</returns>
    public bool End(TrafficView view, Func<CriticalResource, bool> wasGiven)
    {
        var counts = view.IsConfirmed && IsCold(view, wasGiven);
        var asked = counts ? AskedIn(view) : null;
        var others = view.End();
        lock (_lock)
        {
            _pending--;
            if (asked is null)
            {
                return false;
            }

            var before = (_changes, _candidates.Count);
            foreach (var candidate in _candidates)
            {
                if (candidate.ChangedAt <= view.Verdict && (!candidate.IsDelivered || candidate.Target == view.HeldOut))
                {
                    candidate.Count(asked.Contains(candidate.Target), view.Network);
                    if (candidate.Wants(options) is var wanted && wanted != candidate.IsDelivered)
                    {
                        candidate.Change(wanted, ++_changes);
                    }
                }
            }

            _candidates.RemoveAll(c => c is { IsFound: false, IsDelivered: false } && c.IsHopeless(options));
            foreach (var resource in others)
            {
                Add(resource, view.Network);
            }

            return before != (_changes, _candidates.Count);
        }
    }

    /// <summary>
    /// Returns what is to be kept: the counts of what the analysis found, and what browsers have added. What few browsers have requested is
    /// not.
    /// </summary>
    public IReadOnlyList<SavedCandidate> Save()
    {
        lock (_lock)
        {
            return [.. _candidates.Where(static c => c is { IsFound: true } or { IsDelivered: true }).Select(static c => c.Save())];
        }
    }

    /// <summary>Takes over what was kept. Called before the page is used.</summary>
    public void Restore(IReadOnlyList<SavedCandidate> saved)
    {
        lock (_lock)
        {
            foreach (var one in saved.Take(MaxCandidates))
            {
                var candidate = _candidates.Find(c => c.Target == one.Target);
                if (candidate is null && one.Resource is { } joined)
                {
                    _candidates.Add(candidate = new CountedResource(joined, isFound: false, options.TrafficAddresses));
                }

                candidate?.Restore(one);
            }
        }
    }

    /// <summary>Computes the verdict from the counts.</summary>
    public TrafficVerdict Judge()
    {
        lock (_lock)
        {
            return new TrafficVerdict(
                [.. _candidates.Where(static c => c is { IsFound: false, IsDelivered: true }).Select(static c => c.Resource)],
                _candidates.Where(static c => c is { IsFound: true, IsDelivered: false }).Select(static c => c.Target)
                    .ToFrozenSet(StringComparer.Ordinal));
        }
    }

    /// <summary>Puts a verdict in force.</summary>
    public void Publish(TrafficVerdict verdict) => _verdict = verdict;

    private void Add(CriticalResource resource, ulong network)
    {
        if (_candidates.Count < MaxCandidates && TrafficScope.MayJoin(analysis, resource.Url, resource.Kind))
        {
            var candidate = new CountedResource(resource, isFound: false, options.TrafficAddresses);
            if (!_candidates.Exists(c => c.Target == candidate.Target))
            {
                candidate.Count(asked: true, network);
                _candidates.Add(candidate);
            }
        }
    }

    private HashSet<string> AskedIn(TrafficView view)
    {
        lock (_lock)
        {
            return [.. _candidates.Select(static c => c.Target).Where(view.HasAsked)];
        }
    }

    // If the client's cache holds the render-blocking resources, it requests neither those nor the rest. If the page has no such resources,
    // any request is enough: a client that requests nothing at all tells nothing.
    private bool IsCold(TrafficView view, Func<CriticalResource, bool> wasGiven)
    {
        var isWitnessed = false;
        foreach (var resource in analysis.Resources)
        {
            if (resource is { Blocking: true, Media: null })
            {
                if (!view.HasAsked(resource.Url.PathAndQuery) && !wasGiven(resource))
                {
                    return false;
                }

                isWitnessed = true;
            }
        }

        return isWitnessed || view.Requests > 0;
    }
}
