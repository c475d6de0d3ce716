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
}

/// <summary>Two cookies of one client, as hashes.</summary>
internal readonly record struct SavedJoin(ulong Mark, ulong Other);

/// <inheritdoc cref="Cache.HttpCachePurged"/>
internal sealed record SavedPurge(string Authority, string Target, bool IsPrefix, string? Group = null);
