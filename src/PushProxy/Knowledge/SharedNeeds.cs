using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// What a page names that is made for the client who asks: of each resource it is counted how many different clients were sent a page
/// that names it, and only what enough of them share is told to anybody. Guarded by the path's lock.
/// </summary>
/// <param name="threshold">How many clients must have it in common (<see cref="LearningOptions.SharedBy"/>).</param>
internal sealed class SharedNeeds(int threshold)
{
    /// <summary>Pages of different clients remembered; the oldest makes room. As many as the threshold can be.</summary>
    private const int MaxViews = 8;

    private readonly List<View> _views = [];
    private TimeSpan _pause;
    private DateTimeOffset _nextLook;

    /// <summary>What may be told; null as long as that is nothing.</summary>
    public LearnedPage? Page { get; private set; }

    /// <summary>Whether the newest page seen named more than may be told.</summary>
    public bool IsPartial { get; private set; } = true;

    public long Size => 64 + _views.Sum(static v => 96 + v.Page.Size) + (Page?.Size ?? 0);

    /// <summary>Whether another look at a page for this client could tell something new.</summary>
    public bool MayLearn(ClientId client, DateTimeOffset now) =>
        now >= _nextLook || (Page is null && !_views.Exists(v => v.Client.MayBe(client)));

    /// <summary>Takes one client's page into account.</summary>
    /// <param name="client">Whose it is.</param>
    /// <param name="page">What it names.</param>
    /// <param name="isPublic">Whether anybody is sent a page that names a resource.</param>
    /// <param name="now">The time.</param>
    /// <param name="maxPause">The longest pause until the next look.</param>
    public LearnOutcome Add(ClientId client, LearnedPage page, Func<CriticalResource, bool> isPublic, DateTimeOffset now, TimeSpan maxPause)
    {
        _views.RemoveAll(v => v.Client.Epoch != client.Epoch || v.Client.Is(client));
        if (_views.Count >= MaxViews)
        {
            _views.RemoveAt(0);
        }

        _views.Add(new View(client, page));
        var before = Page;
        var told = page.Analysis.Resources.Where(r => isPublic(r)
            || Clients(v => v.Page.Analysis.Resources.Any(o => IsSame(o, r))) >= threshold).ToList();
        IsPartial = told.Count < page.Analysis.Resources.Count;

        // Of other origins and of policies the same is asked; what was skipped, and why, is told to nobody.
        Page = told.Count == 0 ? null : new LearnedPage(
            new PageAnalysis(told, [])
            {
                Preconnects = [.. page.Analysis.Preconnects.Where(p => Clients(v => v.Page.Analysis.Preconnects.Contains(p)) >= threshold)],
                MetaPolicies = page.Analysis.MetaPolicies,
            },
            page.Security);
        var same = before is not null && Page is not null && before.NeedsTheSameAs(Page);
        if (same)
        {
            // The plan made for it is still good.
            Page = before;
        }

        // As for every page whose bytes always change: less and less often, and at once again after a difference.
        _pause = !same ? TimeSpan.FromSeconds(1) : _pause * 2;
        _pause = _pause > maxPause ? maxPause : _pause;
        _nextLook = now + _pause;
        return same ? LearnOutcome.Confirmed : before is null ? LearnOutcome.Learned : LearnOutcome.Changed;
    }

    // How many of the clients are certainly different from each other.
    private int Clients(Func<View, bool> names)
    {
        var counted = new List<ClientId>();
        foreach (var view in _views)
        {
            if (names(view) && !counted.Exists(c => c.MayBe(view.Client)))
            {
                counted.Add(view.Client);
            }
        }

        return counted.Count;
    }

    private static bool IsSame(CriticalResource a, CriticalResource b) => a.Kind == b.Kind && a.Url == b.Url;

    private sealed record View(ClientId Client, LearnedPage Page);
}
