using System.Threading.Channels;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Holds the pages that wait for analysis, up to a maximum, and shares the places fairly. The next page is that of the client and the host
/// that have spent least. Known pages that have changed take turns with those never seen, so that a flood of new URLs does not delay them.
/// When all places are taken, a page of whoever has most of them makes room. Safe for use by many threads at once.
/// </summary>
internal sealed class LearningQueue(LearningOptions options, Spending spending)
{
    private readonly Lock _lock = new();
    private readonly List<LearnJob> _waiting = [];
    private readonly List<LearnJob> _inProgress = [];
    private readonly Shares _shares = new(options.MaxPagesInProgress, Math.Max(1, options.MaxPagesInProgress / 2));

    // It says only that something has changed. The reader looks by itself.
    private readonly Channel<bool> _changed =
        Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private bool _lastWasKnown;

    /// <summary>How many pages wait.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds a page. If the same page waits or is being analysed, one analysis is enough, and the copy is disposed.</summary>
    /// <returns>The job for which there is no room, this one or another; null if there is room. It belongs to the caller.</returns>
    public LearnJob? Add(LearnJob job)
    {
        lock (_lock)
        {
            if (_inProgress.Exists(job.IsSameAs))
            {
                job.Copy.Dispose();
                return null;
            }

            // If somebody else asks for the same page, it waits as long as it would for the one who has spent less.
            if (_waiting.Find(job.IsSameAs) is { } same)
            {
                var now = spending.Now;
                if (same.Copy.GivenUp == PageSkip.None && spending.Of(same.Party, now) <= spending.Of(job.Party, now))
                {
                    job.Copy.Dispose();
                    return null;
                }

                _waiting.Remove(same);
                same.Copy.Dispose();
            }

            var crowdedOut = _waiting.Count < options.MaxQueuedPages ? null : MakeRoom(job);
            if (crowdedOut != job)
            {
                _waiting.Add(job);
                _changed.Writer.TryWrite(true);
            }

            return crowdedOut;
        }
    }

    /// <summary>Waits for the next page whose client and host have a share left. There is one reader.</summary>
    /// <returns>The job, whose copy is held. The reader calls <see cref="Done"/> when it is finished.</returns>
    public async ValueTask<LearnJob> TakeAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryTake() is { } job)
            {
                return job;
            }

            await _changed.Reader.ReadAsync(cancellation);
        }
    }

    /// <summary>Notes that a job is finished, and disposes its copy.</summary>
    public void Done(LearnJob job)
    {
        lock (_lock)
        {
            _inProgress.Remove(job);
            _shares.Leave(job.Party);
            job.Copy.Dispose();
        }

        _changed.Writer.TryWrite(true);
    }

    private LearnJob? TryTake()
    {
        lock (_lock)
        {
            while ((Next(isKnown: !_lastWasKnown) ?? Next(isKnown: _lastWasKnown)) is { } job)
            {
                _waiting.Remove(job);
                if (job.Copy.TryHold())
                {
                    _lastWasKnown = job.IsKnown;
                    _shares.TryEnter(job.Party);
                    _inProgress.Add(job);
                    return job;
                }

                job.Copy.Dispose();
            }

            return null;
        }
    }

    private LearnJob? Next(bool isKnown)
    {
        LearnJob? next = null;
        var least = double.MaxValue;
        var now = spending.Now;
        foreach (var job in _waiting)
        {
            if (job.IsKnown == isKnown && _shares.HasRoomFor(job.Party) && spending.Of(job.Party, now) is var spent && spent < least)
            {
                (next, least) = (job, spent);
            }
        }

        return next;
    }

    /// <summary>
    /// Removes and returns the job that makes room, which is the new one if nobody has a worse claim. Known pages and those never seen have
    /// half of the places each. Among those of one kind, a job of the party that has most places goes, and of these the newest.
    /// </summary>
    private LearnJob MakeRoom(LearnJob added)
    {
        if (_waiting.Find(static job => job.Copy.GivenUp != PageSkip.None) is { } useless)
        {
            _waiting.Remove(useless);
            return useless;
        }

        var hasPlaces = _waiting.Count(job => job.IsKnown == added.IsKnown) < (options.MaxQueuedPages + 1) / 2;
        var rivals = _waiting.Where(job => job.IsKnown == added.IsKnown != hasPlaces).ToList();
        var clients = rivals.CountBy(static job => job.Party.Client).ToDictionary();
        var hosts = rivals.CountBy(static job => job.Party.Host).ToDictionary();
        var crowdedOut = added;
        var most = hasPlaces
            ? 0 : clients.GetValueOrDefault(added.Party.Client) + hosts.GetValueOrDefault(added.Party.Host) + 2;
        foreach (var job in rivals)
        {
            var places = clients[job.Party.Client] + hosts[job.Party.Host];
            if (places > most || (places == most && crowdedOut != added))
            {
                (crowdedOut, most) = (job, places);
            }
        }

        _waiting.Remove(crowdedOut);
        return crowdedOut;
    }
}
