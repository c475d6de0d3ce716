using PushProxy.Model;

namespace PushProxy.Knowledge;

/// <summary>What the store knows of the page a request asks for.</summary>
/// <param name="Path">The path's entry; null when nothing is known.</param>
/// <param name="Exact">The very variant asked for, as everyone gets it; null when only others are known.</param>
/// <param name="Page">What to deliver; null when nothing may be told.</param>
/// <param name="Source">Where <paramref name="Page"/> comes from.</param>
/// <param name="IsPartial">Whether the page itself will name more than may be told in advance.</param>
internal readonly record struct PageKnowledge(LearnedPath? Path, Variant? Exact, LearnedPage? Page, PageSource Source, bool IsPartial);
