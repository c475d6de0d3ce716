using System.Collections.Immutable;
using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>What the origin's answers for one resource said about telling clients of it. Immutable.</summary>
internal sealed record AnswerFacts
{
    /// <summary>The maximum number of clients remembered. No option asks for more.</summary>
    public const int MaxMembers = 8;

    /// <summary>How long an answer must stay fresh to be of use to a client that fetched it because of a 103.</summary>
    public static readonly TimeSpan HintedLifetime = TimeSpan.FromSeconds(3);

    /// <summary>The Content-Type of the last answer; null if it had none.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Whether a client can keep the answer: it states a lifetime or has a validator. What can never be reused is a result of its request
    /// and not a part of a page.
    /// </summary>
    public bool CanBeKept { get; init; }

    /// <summary>
    /// Whether a client that fetches the resource in advance may use the answer without asking again when the page has come
    /// (<see cref="HintedLifetime"/>).
    /// </summary>
    public bool StaysFresh { get; init; }

    /// <summary>By what the last answer varied that a promised request may not have.</summary>
    public PromiseVary Vary { get; init; }

    /// <summary>The bytes of content, with their content coding; -1 as long as no complete answer was seen.</summary>
    public long Size { get; init; } = -1;

    /// <summary>
    /// Whether the origin sent the whole resource to a client that asked whether its copy of this version was still current.
    /// </summary>
    public bool IgnoresConditions { get; init; }

    /// <summary>Whether an answer to a request without credentials was seen.</summary>
    public bool CameWithoutCredentials { get; init; }

    /// <summary>
    /// Identifies the last answer to a request without credentials; null if it shows no version, or nobody else may have it.
    /// </summary>
    public ulong? WithoutCredentials { get; init; }

    /// <summary>Which clients that the site knows were sent the same, at most <see cref="MaxMembers"/>.</summary>
    public ImmutableArray<ClientId> SameFor { get; init; } = [];

    /// <summary>Whether enough clients were sent the same before the program was started, or at another instance.</summary>
    public bool WasSameForAll { get; init; }

    /// <summary>
    /// Whether a client with credentials was sent something else. That stands until there is another version without them.
    /// </summary>
    public bool DiffersForMembers { get; init; }

    /// <summary>
    /// Whether a promised request needs no credentials: enough clients that the site knows were sent the same as those without, and none
    /// was sent anything else.
    /// </summary>
    /// <param name="clients">How many clients are enough (<see cref="LearningOptions.SharedBy"/>).</param>
    /// <param name="addresses">From how many addresses they must come (<see cref="LearningOptions.SharedByAddresses"/>).</param>
    public bool IsSameForAll(int clients, int addresses) => WithoutCredentials is not null && !DiffersForMembers
        && (WasSameForAll || (SameFor.Length >= clients && SameFor.Select(static c => c.Address).Distinct().Count() >= addresses));

    /// <summary>
    /// Returns whether plans change if these answers come after others. A plan keeps no sizes, so only a size that becomes known, or that
    /// changes much, can change it. Sizes are compared in steps of 4 KiB, the smallest limit.
    /// </summary>
    public bool ChangesPlans(AnswerFacts? before) => before is null || before.Type != Type || before.CanBeKept != CanBeKept
        || before.StaysFresh != StaysFresh || before.Vary != Vary || before.Size >> 12 != Size >> 12;

    /// <summary>The same answers, as if none was seen with or without credentials.</summary>
    public AnswerFacts WithoutClients() => this with
    {
        CameWithoutCredentials = false,
        WithoutCredentials = null,
        SameFor = [],
        WasSameForAll = false,
        DiffersForMembers = false,
    };

    /// <summary>
    /// Returns why a resource with these answers is not told to clients in advance; <see cref="ResourceSkip.None"/> if it may be.
    /// </summary>
    /// <param name="kind">What the page wants it for.</param>
    /// <param name="maxBytes">The size that it may have, in bytes.</param>
    public ResourceSkip WhyNotTold(ResourceKind kind, long maxBytes) =>
        !MediaKind.Fits(Type, kind) ? ResourceSkip.OtherType
        : !CanBeKept ? ResourceSkip.NotKept
        : Size < 0 ? ResourceSkip.SizeUnknown
        : Size > maxBytes ? ResourceSkip.TooLarge
        : ResourceSkip.None;
}
