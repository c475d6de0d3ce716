using PushProxy.Knowledge;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>A page to analyse. Whoever takes the job disposes the copy.</summary>
/// <param name="Page">The page, and for whom it is made.</param>
/// <param name="Copy">The page's bytes as they passed.</param>
/// <param name="ContentHash">The hash of those bytes.</param>
/// <param name="SkipIfNamed">
/// What is known about a page whose bytes always change and that was analysed a moment ago. While the copy still names all of it, the page
/// is not analysed again. If it is null, the page is analysed in any case.
/// </param>
internal sealed record LearnJob(PageDescription Page, PageCopy Copy, UInt128 ContentHash, LearnedPage? SkipIfNamed = null)
{
    /// <summary>Whether the page is known and has changed. Such a page does not wait behind those that nobody has seen before.</summary>
    public bool IsKnown { get; init; }

    /// <summary>What the client was told before its page had been read.</summary>
    public IReadOnlyList<ToldResource> Told { get; init; } = [];

    /// <summary>What was known when the page was requested.</summary>
    public PageKnowledge Knowledge { get; init; }

    /// <summary>
    /// Whether the page only shows whether what its client was told is right. Nothing shows that its client is one of several.
    /// </summary>
    public bool OnlyChecks => Page is { Audience: not Audience.Everyone, Client.Proof: ClientProof.None };

    /// <summary>For whom the page is analysed.</summary>
    public Party Party { get; } = new(Copy.Client, Page.Key.Authority.ToLowerInvariant());

    /// <summary>
    /// Returns whether the other job would find the same. A page that one client received counts for that client, so no other replaces it.
    /// </summary>
    public bool IsSameAs(LearnJob other) => Page.Audience == Audience.Everyone && other.Page.Audience == Audience.Everyone
        && ContentHash == other.ContentHash && Page.VariantKey == other.Page.VariantKey && Page.Key == other.Page.Key;
}
