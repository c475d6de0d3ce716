using System.Text.Json.Serialization;
using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>
/// What is kept of the pages at one path when the program ends. Only what may be told to everybody is in it: no name that too few
/// connections were sent, nothing of a single client's pages. A path without any such name is not kept at all.
/// </summary>
/// <param name="Key">The path.</param>
/// <param name="UsedAt">When it was last requested.</param>
/// <param name="Vary">The names of the request headers that tell its variants apart.</param>
/// <param name="Variants">The variants that everyone gets alike.</param>
/// <param name="Shared">What personal pages have in common.</param>
internal sealed record SavedPath(
    PageKey Key, DateTimeOffset UsedAt, IReadOnlyList<string> Vary, IReadOnlyList<SavedVariant> Variants, IReadOnlyList<SavedShared> Shared)
{
    /// <summary>
    /// The names (<see cref="NameKey"/>) that clients may be told at this path besides those of the variants: those of older versions.
    /// </summary>
    public IReadOnlyList<UInt128> Told { get; init; } = [];

    /// <summary>All resources that are named.</summary>
    [JsonIgnore]
    public IEnumerable<CriticalResource> Resources => Variants.Select(static v => v.Needs).Concat(Shared.Select(static s => s.Needs))
        .SelectMany(static n => n.Resources.Concat((n.Traffic ?? []).Select(static t => t.Resource).OfType<CriticalResource>()));

    /// <inheritdoc cref="PageTiming"/>
    public SavedTiming Timing { get; init; }

    /// <inheritdoc cref="PathTotals"/>
    public SavedTotals Totals { get; init; }

    /// <inheritdoc cref="LearnedPath.Guesses"/>
    public IReadOnlyList<SavedSurprise>? Guesses { get; init; }

    /// <inheritdoc cref="LearnedPath.MemberGuesses"/>
    public IReadOnlyList<SavedSurprise>? MemberGuesses { get; init; }
}

/// <summary>One variant of a page that everyone gets alike.</summary>
/// <param name="Key"><see cref="VariantKey"/>.</param>
/// <param name="Versions">
/// The versions that need no other analysis. Empty if something of the page is not kept, so that the next answer is read.
/// </param>
/// <param name="LearnedAt">When it was analysed.</param>
/// <param name="Needs">What it needs.</param>
internal sealed record SavedVariant(UInt128 Key, IReadOnlyList<PageVersion> Versions, DateTimeOffset LearnedAt, SavedNeeds Needs);

/// <summary>What an audience's pages have in common.</summary>
/// <param name="Audience">The audience.</param>
/// <param name="Variant"><see cref="VariantKey"/>.</param>
/// <param name="Needs">What clients are told.</param>
internal sealed record SavedShared(Audience Audience, UInt128 Variant, SavedNeeds Needs);

/// <summary>What a page needs, as far as everybody may be told, and what traffic said of it.</summary>
internal sealed record SavedNeeds
{
    public required IReadOnlyList<CriticalResource> Resources { get; init; }

    public IReadOnlyList<SkippedResource>? Skipped { get; init; }

    public IReadOnlyList<PreconnectOrigin>? Preconnects { get; init; }

    public IReadOnlyList<string>? MetaPolicies { get; init; }

    public string? ReferrerPolicy { get; init; }

    public AnalysisCost? RanOutOn { get; init; }

    /// <summary>The policies of the page's header fields, without nonces; null if it has none.</summary>
    public IReadOnlyList<string>? Policies { get; init; }

    /// <summary>The addresses whose clients received it, as hashes.</summary>
    public required IReadOnlyList<ulong> TaughtBy { get; init; }

    /// <summary>Whether a stylesheet has changed since the page was read.</summary>
    public bool IsOutdated { get; init; }

    public SavedSteadiness? Steadiness { get; init; }

    public IReadOnlyList<SavedSurprise>? Guesses { get; init; }

    /// <summary>What browsers were seen to request; null if that is not counted.</summary>
    public IReadOnlyList<SavedCandidate>? Traffic { get; init; }
}

/// <summary>The names that come and go.</summary>
/// <param name="Names">The names, and how often each must be named, and was.</param>
/// <param name="SinceMiss">How many answers ago one lacked something.</param>
/// <param name="Changes">How many answers in a row named something else.</param>
/// <param name="Surprises">The answers that lacked what clients were told.</param>
internal sealed record SavedSteadiness(
    IReadOnlyList<SavedRun> Names, int SinceMiss, int Changes, IReadOnlyList<SavedSurprise>? Surprises = null);

/// <summary>How often a name that went must be named again, and was.</summary>
internal readonly record struct SavedRun(UInt128 Name, int Needed, int Seen);

/// <summary>An answer that lacked what its client was told.</summary>
/// <param name="Ago">How many answers ago.</param>
/// <param name="Address">Its client's address, as a hash.</param>
internal readonly record struct SavedSurprise(int Ago, ulong Address);

/// <summary>What browsers' requests said of one resource.</summary>
/// <param name="Target">Its path and query.</param>
/// <param name="IsDelivered">Whether it is delivered.</param>
/// <param name="Views">How many views were watched in which it was not delivered.</param>
/// <param name="Asked">In how many of these it was requested.</param>
/// <param name="Networks">The networks it was requested from, as hashes.</param>
/// <param name="Viewers">The networks of the views, as hashes.</param>
/// <param name="Resource">The resource, if traffic has added it; null if the analysis has found it.</param>
internal sealed record SavedCandidate(
    string Target, bool IsDelivered, int Views, int Asked, IReadOnlyList<ulong> Networks, IReadOnlyList<ulong> Viewers,
    CriticalResource? Resource = null);

/// <summary>Averages of a page's responses.</summary>
/// <param name="ThinkTicks">The think time in ticks; negative if not known.</param>
/// <param name="Bytes">The length in bytes; negative if not known.</param>
internal readonly record struct SavedTiming(long ThinkTicks, long Bytes);

/// <summary>What delivery came to, in bytes and names.</summary>
internal readonly record struct SavedTotals(long Saved, long Wasted, long Wrong);
