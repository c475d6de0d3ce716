using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What the store knows about the page that a request asks for.</summary>
/// <param name="Path">The path's entry; null if nothing is known about the path.</param>
/// <param name="Exact">The requested variant, if everyone gets it alike; null if only other variants are known.</param>
/// <param name="Page">What to deliver; null if nothing may be disclosed.</param>
/// <param name="Source">The source of <paramref name="Page"/>.</param>
/// <param name="IsPartial">Whether the page itself names more than may be disclosed in advance.</param>
internal readonly record struct PageKnowledge(LearnedPath? Path, Variant? Exact, LearnedPage? Page, PageSource Source, bool IsPartial);
