using System.Text.Json.Serialization;
using PushProxy.Model;

namespace PushProxy.Knowledge.Saved;

/// <summary>What is kept of one resource when the program ends.</summary>
/// <param name="Key"><see cref="ResourceState.Key"/>.</param>
/// <param name="Excluded"><see cref="ResourceState.Excluded"/>.</param>
internal sealed record SavedResource(string Key, ResourceSkip Excluded)
{
    public SavedAnswer? Answer { get; init; }

    public SavedFreshness? Version { get; init; }

    /// <summary>The contents of a stylesheet's versions; null for all other resources.</summary>
    public SavedContents? Contents { get; init; }

    /// <summary>When answers have last said something new.</summary>
    public DateTimeOffset SeenAt { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long SavedBytes { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public long WastedBytes { get; init; }
}

/// <inheritdoc cref="ResourceVersionState"/>
internal readonly record struct SavedFreshness(ResourceVersion Version, TimeSpan? Lifetime, DateTimeOffset Until)
{
    public static SavedFreshness? Of(ResourceVersionState? state) =>
        state is null ? null : new(state.Version, state.Lifetime, state.Until);

    public ResourceVersionState ToState() => new(Version, Lifetime, Until);
}

/// <inheritdoc cref="AnswerFacts"/>
internal sealed record SavedAnswer
{
    public string? Type { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CanBeKept { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool StaysFresh { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PromiseVary Vary { get; init; }

    public long Size { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IgnoresConditions { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool CameWithoutCredentials { get; init; }

    public ulong? WithoutCredentials { get; init; }

    /// <summary>Whether enough clients that the site knows were sent the same. Which ones is not kept.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsSameForAll { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DiffersForMembers { get; init; }

    /// <param name="answer">What is known.</param>
    /// <param name="options">Say how many clients must have been sent the same.</param>
    public static SavedAnswer Of(AnswerFacts answer, LearningOptions options) => new()
    {
        Type = answer.Type,
        CanBeKept = answer.CanBeKept,
        StaysFresh = answer.StaysFresh,
        Vary = answer.Vary,
        Size = answer.Size,
        IgnoresConditions = answer.IgnoresConditions,
        CameWithoutCredentials = answer.CameWithoutCredentials,
        WithoutCredentials = answer.WithoutCredentials,
        IsSameForAll = answer.IsSameForAll(options.SharedBy, options.SharedByAddresses),
        DiffersForMembers = answer.DiffersForMembers,
    };

    public AnswerFacts ToFacts() => new()
    {
        Type = Type,
        CanBeKept = CanBeKept,
        StaysFresh = StaysFresh,
        Vary = Vary,
        Size = Size,
        IgnoresConditions = IgnoresConditions,
        CameWithoutCredentials = CameWithoutCredentials,
        WithoutCredentials = WithoutCredentials,
        WasSameForAll = IsSameForAll,
        DiffersForMembers = DiffersForMembers,
    };
}

/// <inheritdoc cref="SheetContents"/>
/// <param name="Versions">The versions.</param>
/// <param name="Current">The hash of the content that pages were last read with; null if it is not known.</param>
internal sealed record SavedContents(IReadOnlyList<SavedVersion> Versions, UInt128? Current = null);

/// <summary>One version of a stylesheet.</summary>
/// <param name="Version">The version.</param>
/// <param name="Body">The hash of the body with its coding; null if it is not known.</param>
/// <param name="Content">The hash of the body without its coding.</param>
/// <param name="IsProven">Whether that hash means something.</param>
internal readonly record struct SavedVersion(ResourceVersion Version, UInt128? Body, UInt128 Content, bool IsProven);
