using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What the store knows about the page that a request asks for.</summary>
/// <param name="Path">The path's entry; null if nothing is known about the path.</param>
/// <param name="Exact">The requested variant, if everyone gets it alike; null if only other variants are known.</param>
/// <param name="Page">What to deliver; null if nothing may be disclosed.</param>
/// <param name="Source">The source of <paramref name="Page"/>.</param>
/// <param name="IsPartial">Whether the page itself names more than may be disclosed in advance.</param>
internal readonly record struct PageKnowledge(LearnedPath? Path, Variant? Exact, LearnedPage? Page, PageSource Source, bool IsPartial)
{
    /// <summary>
    /// The answers that lacked what <see cref="Page"/> made their clients expect, if it is not the client's own page but a guess; else
    /// null.
    /// </summary>
    public Surprises? Guesses { get; init; }

    /// <summary>Whether no answer has surprised for long.</summary>
    public bool IsQuiet => Guesses is not { IsQuiet: false } && Page?.Steadiness is not { Surprises.IsQuiet: false };

    /// <summary>Returns whether answers surprise too often for anything to be told in advance to the clients of an address.</summary>
    public bool IsRestless(ulong address) =>
        Guesses?.AreTooMany(address) == true || Page?.Steadiness?.Surprises.AreTooMany(address) == true;
}
