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
    /// <param name="wholly">
    /// Whether the whole path and query must stand there. Only then is it certain that it is the same name, because a folder or a query may
    /// hold something of one visitor's own.
    /// </param>
    public static bool AllIn(ReadOnlySpan<byte> html, PageAnalysis known, bool wholly = false)
    {
        Span<byte> name = stackalloc byte[512];
        foreach (var resource in known.Resources)
        {
            if (resource.FoundBy is FoundBy.ImportedStylesheet or FoundBy.StylesheetFont or FoundBy.BackgroundImage or FoundBy.ModuleImport)
            {
                continue;
            }

            // A URL can be written in more than one way, but hardly the file name.
            var path = resource.Url.AbsolutePath;
            var file = wholly ? resource.Url.PathAndQuery : path.AsSpan(path.LastIndexOf('/') + 1);
            if (wholly && (file.Length > name.Length || file.Contains('%') || file.Contains('&')))
            {
                return false;
            }

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
