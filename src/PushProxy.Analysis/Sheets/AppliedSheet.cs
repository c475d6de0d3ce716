using System.Collections.Immutable;
using PushProxy.Analysis.Urls;

namespace PushProxy.Analysis.Sheets;

/// <summary>A stylesheet as one document uses it.</summary>
/// <param name="Sheet">What it says.</param>
/// <param name="Base">What its URLs are relative to: its own URL, or the document's base for a style element.</param>
/// <param name="Media">Media query lists that must all match for it to apply: of the link, and of the imports it came by.</param>
/// <param name="Layer">The layer it is imported into; null for none.</param>
internal sealed record AppliedSheet(Stylesheet Sheet, PageBase Base, ImmutableArray<string> Media, string? Layer);
