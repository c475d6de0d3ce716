using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Sheets;

/// <summary>A stylesheet as the page itself names it: a link, or a style element.</summary>
/// <param name="Url">Where a link's is; null for a style element.</param>
/// <param name="Text">What is in a style element; null for a link.</param>
/// <param name="Media">Its media query list; null for always.</param>
/// <param name="IsBlocking">Whether it blocks rendering, and so do its imports.</param>
internal sealed record SheetRoot(HttpUrl? Url, string? Text, string? Media, bool IsBlocking);
