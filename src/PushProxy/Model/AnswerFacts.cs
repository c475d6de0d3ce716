using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>What the origin's answers for one resource said about telling clients of it. Immutable.</summary>
internal sealed record AnswerFacts
{
    /// <summary>The Content-Type of the last answer; null if it had none.</summary>
    public string? Type { get; init; }

    /// <summary>
    /// Whether a client can keep the answer: it states a lifetime or has a validator. What can never be reused is a result of its request
    /// and not a part of a page.
    /// </summary>
    public bool CanBeKept { get; init; }

    /// <summary>The bytes of content, with their content coding; -1 as long as no complete answer was seen.</summary>
    public long Size { get; init; } = -1;

    /// <summary>Whether an answer to a request without credentials was seen.</summary>
    public bool CameWithoutCredentials { get; init; }

    /// <summary>
    /// Identifies the last answer to a request without credentials; null if it shows no version, or nobody else may have it.
    /// </summary>
    public ulong? WithoutCredentials { get; init; }

    /// <summary>Identifies the last answer to a request with credentials; null if there was none, or it shows no version.</summary>
    public ulong? WithCredentials { get; init; }

    /// <summary>Whether a promised request needs no credentials: answers with and without them were the same version.</summary>
    public bool IsSameForAll => WithoutCredentials is { } plain && WithCredentials == plain;

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
