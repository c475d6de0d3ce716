namespace PushProxy.Cache.Tests.Model;

/// <summary>How an origin fails.</summary>
internal enum Failure
{
    None,
    Status,
    Throws,
    AbortsAtOnce,
    AbortsWithin,
    ThrowsWithin,
    ResetsWithin,
    SaysTooLong,
    SaysTooShort,
}

/// <summary>Where an origin waits until it is let go.</summary>
internal enum Hold
{
    Nowhere,
    BeforeHead,
    WithinBody,
}

/// <summary>What the origin does at one URL at a moment.</summary>
internal sealed record Resource(Policy Policy)
{
    public int Version { get; init; } = 1;

    public Failure Failure { get; init; }

    public Hold Hold { get; init; }

    public int Size { get; init; } = 100;

    public int Pieces { get; init; } = 1;

    public bool HasLength { get; init; } = true;

    public bool UsesWriter { get; init; }

    public bool SaysDate { get; init; }

    /// <summary>Whether it says everything at the last moment before the response leaves.</summary>
    public bool SaysLate { get; init; }

    /// <summary>Whether it adds a field for one client, after the head was taken.</summary>
    public bool AddsForOne { get; init; }
}
