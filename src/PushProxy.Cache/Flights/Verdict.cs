using Microsoft.AspNetCore.Http;
using PushProxy.Cache.Rules;
using PushProxy.Cache.Store;

namespace PushProxy.Cache.Flights;

/// <summary>What becomes of an origin's response.</summary>
internal enum VerdictKind
{
    /// <summary>It goes to its own client alone.</summary>
    Pass,

    /// <summary>It goes to everybody who waits for it, and is stored.</summary>
    Share,

    /// <summary>A 304: what is stored is right, and answers.</summary>
    Renewed,

    /// <summary>A 304 about something else than what is stored: the origin has to be asked again, without condition.</summary>
    Mismatch,

    /// <summary>An error: what is stored answers, although it is stale.</summary>
    UseStale,
}

/// <summary>What the head of an origin's response means.</summary>
internal sealed class Verdict
{
    public required VerdictKind Kind { get; init; }

    /// <summary>Why it is not stored.</summary>
    public NotStoredReason Reason { get; init; }

    /// <summary>The head to store, or the renewed one.</summary>
    public StoredHead? Head { get; init; }

    public Selection? Selection { get; init; }

    /// <summary>The body that several read; null until the head leaves.</summary>
    public SharedBody? Body { get; set; }

    /// <summary>The length of the body that the response states.</summary>
    public long? Length { get; set; }

    /// <summary>Whether the client of the request has the response already, and asked if it is still right.</summary>
    public bool LeaderHasIt { get; init; }

    /// <summary>The stored response that answers instead.</summary>
    public StoredResponse? Stale { get; init; }

    /// <summary>Adds what the client of the request is told about the decision.</summary>
    public Action<HttpContext, NotStoredReason>? Announce { get; init; }

    /// <summary>The status the response had when it began.</summary>
    public int LeaderStatus { get; set; }

    /// <summary>Returns the same, but that the response goes to its own client alone.</summary>
    public Verdict Passing(NotStoredReason reason) => new() { Kind = VerdictKind.Pass, Reason = reason, Announce = Announce };
}
