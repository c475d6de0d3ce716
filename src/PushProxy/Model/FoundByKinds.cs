using PushProxy.Analysis;

namespace PushProxy.Model;

/// <summary>Groups the ways in which a resource is found.</summary>
internal static class FoundByKinds
{
    /// <summary>Returns whether the page itself names the resource, and not a stylesheet or module of it.</summary>
    public static bool IsInPage(this FoundBy found) =>
        found is not (FoundBy.ImportedStylesheet or FoundBy.StylesheetFont or FoundBy.BackgroundImage or FoundBy.ModuleImport
            or FoundBy.LinkField);
}
