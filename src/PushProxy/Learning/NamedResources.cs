using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>
/// Checks without parsing whether a page still names what is known of it. A page whose bytes change with each response would have to be
/// parsed each time, and the loss of a name must be noticed at once.
/// </summary>
internal static class NamedResources
{
    /// <summary>Returns whether the page contains the file names of all resources that it named itself.</summary>
    /// <param name="html">The decoded page, or its beginning.</param>
    /// <param name="known">What the page named before.</param>
    public static bool AllIn(ReadOnlySpan<byte> html, PageAnalysis known)
    {
        Span<byte> name = stackalloc byte[256];
        foreach (var resource in known.Resources)
        {
            if (resource.FoundBy is FoundBy.ImportedStylesheet or FoundBy.StylesheetFont or FoundBy.BackgroundImage or FoundBy.ModuleImport)
            {
                continue;
            }

            // Only the file name is compared. The other parts of a URL can be written in more than one way.
            var path = resource.Url.AbsolutePath;
            var file = path.AsSpan(path.LastIndexOf('/') + 1);
            if (file.IsEmpty || file.Length > name.Length || file.Contains('%') || file.Contains('&'))
            {
                continue;
            }

            if (html.IndexOf(name[..Encoding.ASCII.GetBytes(file, name)]) < 0)
            {
                return false;
            }
        }

        return true;
    }
}
