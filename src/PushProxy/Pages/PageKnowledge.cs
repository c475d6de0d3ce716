namespace PushProxy.Pages;

/// <summary>What the store knows of the page a request asks for.</summary>
/// <param name="Path">The path's entry; null when nothing is known.</param>
/// <param name="Exact">The very variant asked for; null when only others are known.</param>
/// <param name="Page">What to deliver: the variant's own needs, or what all other variants agree on.</param>
internal readonly record struct PageKnowledge(LearnedPath? Path, Variant? Exact, LearnedPage? Page);
