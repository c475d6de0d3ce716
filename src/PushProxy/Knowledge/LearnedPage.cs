using System.Collections.Immutable;
using Microsoft.Extensions.Primitives;
using PushProxy.Analysis;
using PushProxy.Knowledge.Traffic;
using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What one version of a page needs. Only the policy, the traffic and what a higher layer remembers change later.</summary>
/// <param name="analysis">What the page needs.</param>
/// <param name="security">The page's Content-Security-Policy; null if it has none.</param>
/// <param name="changes">The value of <see cref="ResourceRegistry.Changes"/> when the page was analysed.</param>
internal sealed class LearnedPage(PageAnalysis analysis, ContentSecurityPolicy? security = null, int changes = 0)
{
    /// <summary>The maximum number of addresses remembered. No option asks for more.</summary>
    private const int MaxTeachers = 8;

    private readonly ImmutableArray<UInt128> _keys =
        [.. analysis.Resources.Select(NameKey.Of), .. analysis.Preconnects.Select(NameKey.Of)];

    private readonly PagePolicy _policy = new(security);
    private volatile object? _remembered;
    private int _changes = changes;
    private PageNames? _names;
    private NameWitnesses? _receivers;
    private volatile bool _isConfirmed = true;
    private int _steadyAt = -1;

    public PageAnalysis Analysis { get; } = analysis;

    /// <summary>The page's Content-Security-Policy; null if it has none.</summary>
    public ContentSecurityPolicy? Security => _policy.Now;

    /// <summary>Who was sent the policy; null if that is not counted.</summary>
    public NameWitnesses? PolicyWitnesses => _policy.Witnesses;

    /// <summary>The first addresses whose clients received the page, or one that needs the same.</summary>
    public AddressSet TaughtBy { get; } = new(MaxTeachers);

    /// <summary>
    /// Whether the page is what several clients' pages share. Then it does not take over the policy of a single response, which could be
    /// one client's own.
    /// </summary>
    public bool IsShared { get; init; }

    /// <summary>
    /// What browsers were seen to request after the page; null for a page that is not the same for everyone. It is set under the store's
    /// lock.
    /// </summary>
    public PageTraffic? Traffic { get; set; }

    /// <summary>
    /// A value that a higher layer attaches to the page, to find it again. This layer gives it no meaning. It lives as long as the page.
    /// </summary>
    public object? Remembered
    {
        get => _remembered;
        set => _remembered = value;
    }

    /// <summary>
    /// Which names the answers for this variant keep naming; null as long as all answers named the same. It is set under the store's lock,
    /// before the page is used.
    /// </summary>
    public Steadiness? Steadiness { get; set; }

    /// <summary>
    /// The answers that lacked what this page made clients expect, if it is told to clients whose own page may be another one; else null.
    /// </summary>
    public Surprises? Guesses { get; init; }

    /// <summary>Whether something that the page names was not read, because its answers name something new each time.</summary>
    public bool IsUnread { get; init; }

    /// <summary>Whether enough connections were sent everything that the page names.</summary>
    public bool IsConfirmed => _isConfirmed || (_isConfirmed = _names!.AreTold);

    /// <summary>
    /// Whether clients may be told of everything that the page names. If not, its head is read for each client as it passes.
    /// </summary>
    public bool IsToldWhole => IsConfirmed && IsSteady;

    // Several threads ask, and another one may note a miss meanwhile. What was seen holds for the number of misses that was read before it.
    private bool IsSteady
    {
        get
        {
            if (Steadiness is not { } steadiness)
            {
                return true;
            }

            var misses = steadiness.Misses;
            if (Volatile.Read(ref _steadyAt) == misses)
            {
                return true;
            }

            if (_keys.Any(steadiness.IsUnsteady))
            {
                return false;
            }

            Volatile.Write(ref _steadyAt, misses);
            return true;
        }
    }

    /// <summary>The names (<see cref="NameKey"/>) of what the page needs, and of the origins to connect to.</summary>
    public IReadOnlyList<UInt128> Names => _keys;

    /// <summary>All that is counted of the page: what it says, that there is such a page, and its policy.</summary>
    public IReadOnlyList<UInt128> CountedNames =>
        [.. _keys, .. Analysis.Skipped.Select(NameKey.Of), NameKey.ThePage, NameKey.Of(Security)];

    /// <summary>Whether enough connections were sent all of it.</summary>
    public bool IsEverybodys => IsConfirmed && _receivers is not { IsTold: false };

    /// <summary>Returns whether the page says a name (<see cref="NameKey"/>): a resource, or an origin to connect to.</summary>
    public bool Says(UInt128 name) => _keys.Contains(name);

    /// <summary>Returns whether clients may be told of a name (<see cref="NameKey"/>) of the page in advance.</summary>
    public bool IsTold(UInt128 name) =>
        (_isConfirmed || _names!.Find(name) is not { IsTold: false }) && Steadiness?.IsUnsteady(name) != true;

    /// <summary>What the page needs, without anything that clients may not be told of yet.</summary>
    public PageAnalysis Told => _names is null ? Analysis : Analysis with
    {
        Resources = IsToldWhole ? Analysis.Resources : [.. Analysis.Resources.Where((_, i) => IsTold(_keys[i]))],
        Preconnects = IsToldWhole ? Analysis.Preconnects : [.. Analysis.Preconnects.Where(p => IsTold(NameKey.Of(p)))],
        Skipped = [.. Analysis.Skipped.Where(s => _names.Find(NameKey.Of(s)) is not { IsTold: false })],
    };

    /// <summary>Whether clients may be told of nothing that the page names.</summary>
    public bool HasNothingToTell => !_keys.Any(IsTold);

    /// <summary>
    /// Returns who was sent a name of the page; null if that is not counted: for other names, and for pages made of what is told already.
    /// </summary>
    public NameWitnesses? WitnessesOf(UInt128 name) => _names?.Find(name);

    /// <summary>Counts from now on who is sent what the page says. Called once, under the store's lock, before the page is used.</summary>
    /// <param name="enough">How many connections make a name everybody's (<see cref="LearningOptions.NamedBy"/>).</param>
    /// <param name="witnesses">Returns who was sent a name so far.</param>
    /// <param name="policies">Returns who was sent a policy so far.</param>
    /// <param name="connection">The connection that was sent the page now.</param>
    /// <returns>True if clients may now be told of more.</returns>
    public bool CountNames(
        int enough, Func<UInt128, NameWitnesses> witnesses, Func<UInt128, NameWitnesses> policies, ulong connection)
    {
        _names = new PageNames(_keys.Concat(Analysis.Skipped.Select(NameKey.Of)), _keys.Length, witnesses);
        _policy.Count(enough, policies, connection);
        _receivers = witnesses(NameKey.ThePage);
        _isConfirmed = false;
        return NameBy(connection);
    }

    /// <summary>Returns whether a connection counts already, or need not be counted.</summary>
    public bool IsNamedBy(ulong connection) => (IsConfirmed && _receivers is not { IsTold: false })
        || (_names!.Has(connection) && _receivers!.Has(connection));

    /// <summary>Counts that a connection was sent the page. Guarded by the store's lock.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="wholly">Whether it was sent all of the page, and not only what delivery names.</param>
    /// <returns>True if clients may now be told of more.</returns>
    public bool NameBy(ulong connection, bool wholly = true)
    {
        _receivers?.Add(connection);
        return _names?.Add(connection, wholly) == true;
    }

    /// <summary>Compares the page with the one that the last answer for this variant was, which it replaces.</summary>
    public void Follow(LearnedPage before)
    {
        Steadiness = before.Steadiness;
        if (NeedsTheSameAs(before))
        {
            Steadiness?.Same(_keys);
            return;
        }

        var readsAll = Analysis.ReadsAllOf(before.Analysis);
        Steadiness ??= new Steadiness();
        Steadiness.Changed(
            before._keys.Select(name => (name, before.IsTold(name))), _keys,
            name => !Analysis.IsIncomplete && (readsAll || before.IsInItself(name)), TaughtBy.Only ?? 0);
    }

    /// <summary>Returns which names of a known page this one certainly does not say.</summary>
    public List<UInt128> LacksOf(LearnedPage known)
    {
        var readsAll = Analysis.ReadsAllOf(known.Analysis);
        return Analysis.IsIncomplete ? []
            : [.. known._keys.Where(name => !_keys.Contains(name) && (readsAll || known.IsInItself(name)))];
    }

    /// <summary>Notes that an answer that is not learned lacked names, or was no page. Called under the store's lock.</summary>
    /// <param name="names">The names; empty if the answer was no page.</param>
    /// <param name="address">The address of the answer's client.</param>
    public void Lacked(IReadOnlyCollection<UInt128> names, ulong address)
    {
        var isSurprise = names.Count == 0 || names.Any(IsTold);
        (Steadiness ??= new Steadiness()).Lacked(names, isSurprise, address);
    }

    /// <summary>Notes that an answer named the same again.</summary>
    /// <param name="gone">What of it this answer did not name. Clients are not told of that.</param>
    /// <returns>True if clients may now be told of more.</returns>
    public bool NamedAgain(params IReadOnlyCollection<UInt128> gone) => Steadiness?.Same(_keys, gone) == true;

    /// <summary>
    /// The estimated memory in bytes. Strings count two bytes per character (UTF-16), and the plan's copies of them are included.
    /// </summary>
    public long Size => 336 + (Traffic?.Size ?? 0) + (Steadiness?.Size ?? 0) + (Guesses?.Size ?? 0) + TaughtBy.Size + (_names?.Size ?? 0)
        + Analysis.Resources.Sum(r => 432 + (8L * r.Url.OriginalString.Length)
            + (2L * ((r.Integrity?.Length ?? 0) + (r.Media?.Length ?? 0) + (r.ImageSrcSet?.Length ?? 0))))
        + Analysis.Skipped.Sum(s => 96 + (2L * s.Url.Length))
        + Analysis.Preconnects.Sum(p => 112 + (4L * p.Origin.Length))
        + Analysis.MetaPolicies.Sum(p => 64 + (4L * p.Length))
        + (Security?.HeaderPolicies.Sum(p => 64 + (6L * p.Length)) ?? 0);

    /// <summary>Returns whether both pages need the same resources and origins in the same order.</summary>
    public bool NeedsTheSameAs(LearnedPage other) =>
        Analysis.Resources.SequenceEqual(other.Analysis.Resources) && Analysis.Preconnects.SequenceEqual(other.Analysis.Preconnects);

    /// <summary>
    /// Returns whether a new version of a needed stylesheet has appeared since the analysis. The new version may name other fonts, images
    /// and imports.
    /// </summary>
    public bool IsOutdated(ResourceRegistry registry)
    {
        var changes = registry.Changes;
        if (changes == Volatile.Read(ref _changes))
        {
            return false;
        }

        foreach (var resource in Analysis.Resources)
        {
            if (resource.Kind == ResourceKind.Style && registry.Find(resource.Url) is { ChangedAt: var at }
                && at > Volatile.Read(ref _changes))
            {
                return true;
            }
        }

        Volatile.Write(ref _changes, changes);
        return false;
    }

    /// <summary>Takes over the policies that several pages have.</summary>
    public void Share(ContentSecurityPolicy? policy) => _policy.Share(policy);

    /// <summary>Returns whether the page's policy is a response's.</summary>
    public bool States(StringValues policy) => _policy.Is(policy);

    /// <inheritdoc cref="PagePolicy.Update"/>
    public bool Update(StringValues policy, ulong connection, out bool isTold)
    {
        isTold = false;
        return IsShared || _policy.Update(policy, Analysis.MetaPolicies, connection, out isTold);
    }

    /// <summary>Returns the name (<see cref="NameKey"/>) of the resource at a position.</summary>
    public UInt128 NameOf(int index) => _keys[index];

    private bool IsInItself(UInt128 name) =>
        _keys.IndexOf(name) is var at && (at >= Analysis.Resources.Count || Analysis.Resources[at].FoundBy.IsInPage());
}
