using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>
/// Checks without parsing whether a page still names what is known of it. A page whose bytes change with each response would have to be
/// parsed each time, and the loss of a name must be noticed at once.
/// </summary>
internal static class NamedResources
{
    private const int MaxName = 512;

    /// <summary>Returns whether the page contains the file names of all resources that it named itself.</summary>
    /// <param name="html">The decoded page, or its beginning.</param>
    /// <param name="known">What the page named before.</param>
    public static bool AllIn(ReadOnlySpan<byte> html, PageAnalysis known)
    {
        Span<byte> name = stackalloc byte[MaxName];
        foreach (var resource in known.Resources)
        {
            // A URL can be written in more than one way, but hardly the file name.
            var path = resource.Url.AbsolutePath;
            var file = path.AsSpan(path.LastIndexOf('/') + 1);
            if (!IsInPage(resource.FoundBy) || file.IsEmpty || !CanBeSought(file))
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

    /// <summary>
    /// Returns whether the page certainly says all that is known of it, so that its client counts as one that was sent that. A folder or a
    /// query may hold something of one visitor's own, so the whole path and query must stand there, and nothing around them. What the page
    /// says of a resource besides its URL, and what only stylesheets and modules say, is not seen here. Then the answer is no.
    /// </summary>
    /// <param name="html">The decoded page, or its beginning.</param>
    /// <param name="authority">The page's host and port.</param>
    /// <param name="known">What the page named before.</param>
    public static bool SaysTheSame(ReadOnlySpan<byte> html, string authority, PageAnalysis known)
    {
        if (known.Preconnects.Count > 0)
        {
            return false;
        }

        foreach (var resource in known.Resources)
        {
            var name = resource.Url.PathAndQuery;
            if (!IsInPage(resource.FoundBy) || !CanBeSought(name)
                || resource is not { Media: null, Integrity: null, FetchPriority: null, ReferrerPolicy: null, Type: null }
                || resource is not { ImageSrcSet: null, ImageSizes: null }
                || !Stands(html, Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes("//" + authority)))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsInPage(FoundBy found) =>
        found is not (FoundBy.ImportedStylesheet or FoundBy.StylesheetFont or FoundBy.BackgroundImage or FoundBy.ModuleImport);

    // Such characters can be written in more than one way.
    private static bool CanBeSought(ReadOnlySpan<char> name) => name.Length <= MaxName && !name.Contains('%') && !name.Contains('&');

    /// <summary>Returns whether a URL stands in a page on its own, and is not a part of a longer one.</summary>
    private static bool Stands(ReadOnlySpan<byte> html, ReadOnlySpan<byte> name, ReadOnlySpan<byte> authority)
    {
        for (var rest = html; rest.IndexOf(name) is >= 0 and var at; rest = rest[(at + 1)..])
        {
            var before = html[..(html.Length - rest.Length + at)];
            var after = rest[(at + name.Length)..];
            if ((before.IsEmpty || "\"'= \t\r\n("u8.Contains(before[^1]) || before.EndsWith(authority))
                && (after.IsEmpty || "\"' \t\r\n>)#"u8.Contains(after[0])))
            {
                return true;
            }
        }

        return false;
    }
}
