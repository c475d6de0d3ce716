using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Counts what a personal page names for how many clients. For each resource it counts the different clients that received a page naming
/// it. Only resources that enough clients share are disclosed to other clients. Guarded by the path's lock.
/// </summary>
/// <param name="threshold">How many clients must share a resource (<see cref="LearningOptions.SharedBy"/>).</param>
internal sealed class SharedNeeds(int threshold)
{
    /// <summary>
    /// The maximum number of clients whose pages are remembered. When it is reached, the oldest page is removed. The threshold cannot be
    /// greater.
    /// </summary>
    private const int MaxViews = 8;

    private readonly List<View> _views = [];
    private TimeSpan _pause;
    private DateTimeOffset _nextLook;

    /// <summary>What may be disclosed; null as long as nothing may be.</summary>
    public LearnedPage? Page { get; private set; }

    /// <summary>Whether the newest page named more than may be disclosed.</summary>
    public bool IsPartial { get; private set; } = true;

    public long Size => 64 + _views.Sum(static v => 96 + v.Page.Size) + (Page?.Size ?? 0);

    /// <summary>Returns whether analysing a page of this client could teach something new.</summary>
    public bool MayLearn(ClientId client, DateTimeOffset now) =>
        now >= _nextLook || (Page is null && !_views.Exists(v => v.Client.MayBe(client)));

    /// <summary>Adds one client's page to the counts.</summary>
    /// <param name="client">The client that received the page.</param>
    /// <param name="page">What the page names.</param>
    /// <param name="isPublic">Returns whether a page that everyone gets names the resource.</param>
    /// <param name="now">The time.</param>
    /// <param name="maxPause">The longest pause until the next analysis.</param>
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

        // Preconnects need the same number of clients, because they disclose other origins. What the analysis skipped, and why, is
        // disclosed to nobody.
        Page = told.Count == 0 ? null : new LearnedPage(
            new PageAnalysis(told, [])
            {
                Preconnects = [.. page.Analysis.Preconnects.Where(p => Clients(v => v.Page.Analysis.Preconnects.Contains(p)) >= threshold)],
                MetaPolicies = page.Analysis.MetaPolicies,
                RanOutOn = page.Analysis.RanOutOn,
            },
            page.Security);
        var same = before is not null && Page is not null && before.NeedsTheSameAs(Page);
        if (same)
        {
            // The existing plan for the page stays valid.
            Page = before;
        }

        // As for every page whose bytes always change, the pause doubles. A difference ends it.
        _pause = !same ? TimeSpan.FromSeconds(1) : _pause * 2;
        _pause = _pause > maxPause ? maxPause : _pause;
        _nextLook = now + _pause;
        return same ? LearnOutcome.Confirmed : before is null ? LearnOutcome.Learned : LearnOutcome.Changed;
    }

    // Counts the clients that are certainly different from each other.
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
