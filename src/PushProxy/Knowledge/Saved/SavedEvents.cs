using PushProxy.Model;
using PushProxy.Proof;

namespace PushProxy.Knowledge.Saved;

/// <summary>What has happened at one instance within a moment.</summary>
internal sealed record SavedEvents
{
    /// <summary>What clients were sent that is not told to others yet.</summary>
    public IReadOnlyList<SeenPage>? Seen { get; init; }

    /// <summary>The cookies that the origin was seen to set, as hashes.</summary>
    public IReadOnlyList<ulong>? Issued { get; init; }

    /// <summary>The cookies that turned out to belong to one client, as hashes.</summary>
    public IReadOnlyList<SavedJoin>? Joins { get; init; }

    /// <summary>What was purged.</summary>
    public IReadOnlyList<SavedPurge>? Purged { get; init; }

    /// <summary>The page views that were measured.</summary>
    public IReadOnlyList<SavedView>? Views { get; init; }
}

/// <summary>Two cookies of one client, as hashes.</summary>
internal readonly record struct SavedJoin(ulong Mark, ulong Other);

/// <inheritdoc cref="Cache.HttpCachePurged"/>
internal sealed record SavedPurge(string Authority, string Target, bool IsPrefix, string? Group = null);

/// <summary>One measured page view. Which page it was of stays with the instance that has sent it.</summary>
/// <param name="Arm">The arm of its visitor.</param>
/// <param name="Visitor">The visitor, as a hash.</param>
/// <param name="Protocol">The protocol.</param>
/// <param name="Channel">What the client takes.</param>
/// <param name="IsFirst">Whether it was the first view of its connection.</param>
/// <param name="Measure">What was measured.</param>
/// <param name="Milliseconds">How long it was.</param>
internal readonly record struct SavedView(
    Arm Arm, ulong Visitor, string Protocol, string Channel, bool IsFirst, ProofMeasure Measure, double Milliseconds);
