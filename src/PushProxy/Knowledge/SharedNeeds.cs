using PushProxy.Analysis;
using PushProxy.Knowledge.Saved;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>
/// Counts what a personal page names for how many clients. For each resource it counts the different clients that received a page naming
/// it, and their addresses. Only what enough of them share is disclosed to other clients. Guarded by the path's lock.
/// </summary>
/// <param name="threshold">How many clients must share something (<see cref="LearningOptions.SharedBy"/>).</param>
/// <param name="addresses">From how many addresses they must come (<see cref="LearningOptions.SharedByAddresses"/>).</param>
/// <param name="byAddress">
/// Whether each address counts as one client. A newcomer gets a new cookie with each request, so a cookie tells no newcomers apart.
/// </param>
internal sealed class SharedNeeds(int threshold, int addresses = 1, bool byAddress = false)
{
    /// <summary>
    /// The maximum number of clients whose pages are remembered. When it is reached, the oldest page is removed. The threshold cannot be
    /// greater.
    /// </summary>
    private const int MaxViews = 8;

    private readonly List<View> _views = [];
    private Steadiness _steadiness = new();
    private LearnedPage? _kept;
    private TimeSpan _pause;
    private DateTimeOffset _nextLook;

    /// <summary>Starts to count the pages of an audience.</summary>
    public static SharedNeeds For(Audience audience, int threshold, int addresses) =>
        new(threshold, addresses, byAddress: audience == Audience.Newcomers && addresses > 1);

    /// <summary>What may be disclosed; null as long as nothing may be.</summary>
    public LearnedPage? Page { get; private set; }

    /// <summary>Whether the newest page named more than may be disclosed.</summary>
    public bool IsPartial { get; private set; } = true;

    /// <summary>The only address that the pages came from, 0 if it is not known; null if they came from several.</summary>
    public ulong? Only => _views.Select(static v => v.Client.Address).Distinct().Take(2).ToList() is [var one] ? one : null;

    public long Size => 64 + _steadiness.Size + _views.Sum(static v => 96 + (16L * v.Names.Count) + (v.Page?.Size ?? 0))
        + (Page?.Size ?? 0);

    /// <summary>Which names come and go; null if all stay.</summary>
    public SavedSteadiness? Steadiness => _steadiness.Save();

    /// <summary>
    /// Takes over what clients were told before the program was started, or at another instance. It stays until enough clients have come
    /// here that can say otherwise.
    /// </summary>
    public void Restore(LearnedPage page, SavedSteadiness? steadiness)
    {
        (Page, _kept) = (page, page);
        if (steadiness is not null)
        {
            _steadiness = Knowledge.Steadiness.Restore(steadiness);
        }
    }

    /// <summary>Returns whether analysing a page of this client could teach something new.</summary>
    public bool MayLearn(ClientId client, DateTimeOffset now) =>
        now >= _nextLook || (Page is null && !_views.Exists(v => MayBeOne(v.Client, client)));

    /// <summary>Returns whether one of the clients' pages does not name all that a page names.</summary>
    public bool Lacks(LearnedPage page) => _views.Exists(v => !page.Names.All(v.Says));

    /// <summary>Adds one client's page to the counts.</summary>
    /// <param name="client">The client that received the page.</param>
    /// <param name="page">What the page names.</param>
    /// <param name="isPublic">Returns whether a page that everyone gets says a name (<see cref="NameKey"/>).</param>
    /// <param name="now">The time.</param>
    /// <param name="maxPause">The longest pause until the next analysis.</param>
    public LearnOutcome Add(ClientId client, LearnedPage page, Func<UInt128, bool> isPublic, DateTimeOffset now, TimeSpan maxPause)
    {
        Add(new View(client, page, Seen(page)));
        _steadiness.Answered(page.Says, name => IsShared(v => !v.Says(name)));
        IsPartial = Told(page, isPublic).Count < page.Analysis.Resources.Count;
        return Judge(isPublic, now, maxPause);
    }

    /// <summary>Adds a page that one client received at another instance to the counts.</summary>
    /// <inheritdoc cref="Add(ClientId, LearnedPage, Func{UInt128, bool}, DateTimeOffset, TimeSpan)"/>
    public LearnOutcome AddSeen(
        ClientId client, IReadOnlyList<UInt128> names, Func<UInt128, bool> isPublic, DateTimeOffset now, TimeSpan maxPause)
    {
        Add(new View(client, null, names));
        _steadiness.Answered(names.Contains, name => IsShared(v => !v.Says(name)));
        return Judge(isPublic, now, maxPause);
    }

    /// <summary>What a page says, as it is counted: its names, and its policy.</summary>
    public static IReadOnlyList<UInt128> Seen(LearnedPage page) => [.. page.Names, NameKey.Of(page.Security)];

    private void Add(View view)
    {
        var client = view.Client;
        _views.RemoveAll(v => v.Client.Epoch != client.Epoch || v.Client.Is(client) || (byAddress && v.Client.Address == client.Address));
        if (_views.Count >= MaxViews)
        {
            _views.RemoveAt(FairShare.MakesRoom(_views.ConvertAll<ulong?>(static v => v.Client.Address), client.Address));
        }

        _views.Add(view);
    }

    private LearnOutcome Judge(Func<UInt128, bool> isPublic, DateTimeOffset now, TimeSpan maxPause)
    {
        // The newest of the pages that name most of what may be told: one client's page cannot take away what others share.
        var before = Page;
        var best = Enumerable.Reverse(_views).Select(static v => v.Page).OfType<LearnedPage>()
            .Select(page => (Page: page, Told: Told(page, isPublic))).DefaultIfEmpty().MaxBy(static b => b.Told?.Count);
        Page = best.Told is not { Count: > 0 } ? null : Shared(best.Page, best.Told);
        if (_kept is not null && best.Page is not null && IsShared(static _ => true))
        {
            // Enough clients have come to say by themselves what they share.
            _kept = null;
        }

        Page = _kept ?? Page;
        var same = before is not null && Page is not null && before.NeedsTheSameAs(Page)
            && before.Analysis.ReferrerPolicy == Page.Analysis.ReferrerPolicy;
        if (same)
        {
            // The existing plan for the page stays valid.
            before!.Share(Page!.Security);
            before.TaughtBy.Add(Page.TaughtBy);
            Page = before;
        }

        if (before is not null)
        {
            _steadiness.Went(before.Names.Where(name => Page?.Says(name) != true && IsGone(name)));
        }

        // As for every page whose bytes always change, the pause doubles. A difference ends it. A name that is coming back is not kept
        // waiting.
        _pause = !same || _steadiness.IsWaiting ? TimeSpan.FromSeconds(1) : _pause * 2;
        _pause = _pause > maxPause ? maxPause : _pause;
        _nextLook = now + _pause;
        return same ? LearnOutcome.Confirmed : before is null ? LearnOutcome.Learned : LearnOutcome.Changed;
    }

    private List<CriticalResource> Told(LearnedPage page, Func<UInt128, bool> isPublic) =>
    [
        .. page.Analysis.Resources.Where((_, i) =>
            page.NameOf(i) is var name && (isPublic(name) || IsShared(v => v.Says(name))) && !IsGone(name)
                && !_steadiness.IsUnsteady(name)),
    ];

    // Whether the pages of enough clients lack it that came after the first one with it: it has gone, or it comes and goes.
    private bool IsGone(UInt128 name)
    {
        var first = _views.FindIndex(v => v.Says(name));
        return IsShared(v => _views.IndexOf(v) > first && !v.Says(name));
    }

    // Preconnects and policies need the same clients, because they disclose other origins, too. A policy that one client alone has still
    // decides what may be delivered. What the analysis skipped, and why, is disclosed to nobody.
    private LearnedPage Shared(LearnedPage page, List<CriticalResource> told)
    {
        var security = page.Security is not { HeaderPolicies.Count: > 0 } own
            || IsShared(v => v.Says(NameKey.Of(own))) ? page.Security : own.With(mayBeTold: false);
        var shared = new LearnedPage(
            new PageAnalysis(told, [])
            {
                Preconnects = [.. page.Analysis.Preconnects.Where(p => IsShared(v => v.Says(NameKey.Of(p))))],
                MetaPolicies = page.Analysis.MetaPolicies,
                ReferrerPolicy = page.Analysis.ReferrerPolicy,
                RanOutOn = page.Analysis.RanOutOn,
            },
            security)
        {
            IsShared = true,
            Guesses = new Surprises(),
        };
        _views.ForEach(v => shared.TaughtBy.Add(v.Client.Address));
        return shared;
    }

    /// <summary>Returns whether enough clients that are certainly different, from enough addresses, have something.</summary>
    private bool IsShared(Func<View, bool> has)
    {
        var counted = new List<ClientId>();
        var from = new AddressSet(addresses);
        foreach (var view in _views)
        {
            if (has(view) && !counted.Exists(c => MayBeOne(c, view.Client)))
            {
                counted.Add(view.Client);
                from.Add(view.Client.Address);
            }
        }

        return counted.Count >= threshold && from.Count >= addresses;
    }

    private bool MayBeOne(ClientId one, ClientId other) =>
        one.MayBe(other) || (byAddress && (one.Address == other.Address || one.Address == 0 || other.Address == 0));

    /// <param name="Client">The client.</param>
    /// <param name="Page">What it received; null if that was at another instance.</param>
    /// <param name="Names">What the page says.</param>
    private sealed record View(ClientId Client, LearnedPage? Page, IReadOnlyList<UInt128> Names)
    {
        public bool Says(UInt128 name) => Names.Contains(name);
    }
}
