using System.Text;
using PushProxy.Analysis;
using PushProxy.Model;

namespace PushProxy.Learning;

/// <summary>
/// Checks without parsing whether a page still names what is known of it. A page whose bytes change with each response would have to be
/// parsed each time, and the loss of a name must be noticed at once.
/// </summary>
internal static class NamedResources
{
    private const int MaxName = 512;

    /// <summary>How many places are looked at for one name.</summary>
    private const int MaxTries = 64;

    /// <summary>What stands before a URL, or before the rest of one that a script has escaped.</summary>
    private static ReadOnlySpan<byte> Before => "\"'= \t\r\n(,\\"u8;

    /// <summary>What stands after a URL.</summary>
    private static ReadOnlySpan<byte> After => "\"' \t\r\n>)#,\\"u8;

    /// <summary>
    /// Returns which of the resources that the page named itself it does not seem to name any more: their URL does not stand there, whole
    /// or relative.
    /// </summary>
    /// <param name="html">The decoded page, or its beginning.</param>
    /// <param name="known">What the page named before.</param>
    public static List<CriticalResource> NotIn(ReadOnlySpan<byte> html, PageAnalysis known)
    {
        var gone = new List<CriticalResource>();
        foreach (var resource in known.Resources)
        {
            var name = resource.Url.PathAndQuery;
            if (!resource.FoundBy.IsInPage() || name.Length > MaxName)
            {
                continue;
            }

            var isNamed = CanBeSought(name) ? IsNamed(html, name, resource) : HoldsAllOf(html, name, resource);
            if (!isNamed || !HoldsDetails(html, resource))
            {
                gone.Add(resource);
            }
        }

        return gone;
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
            if (!resource.FoundBy.IsInPage() || !CanBeSought(name)
                || resource is not { Media: null, Integrity: null, FetchPriority: null, ReferrerPolicy: null, Type: null }
                || resource is not { ImageSrcSet: null, ImageSizes: null }
                || !Stands(html, Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes("//" + authority)))
            {
                return false;
            }
        }

        return true;
    }

    // Such characters can be written in more than one way.
    private static bool CanBeSought(ReadOnlySpan<char> name) => name.Length <= MaxName && !name.Contains('%') && !name.Contains('&');

    /// <summary>Returns whether a page names a path and query, by a URL that may be relative.</summary>
    private static bool IsNamed(ReadOnlySpan<byte> html, string target, CriticalResource resource)
    {
        Span<byte> name = stackalloc byte[MaxName];
        name = name[..Encoding.ASCII.GetBytes(target, name)];
        var query = name.IndexOf((byte)'?');
        var folder = name[..(query < 0 ? name.Length : query)].LastIndexOf((byte)'/') + 1;

        var file = name[folder..];
        if (file.IsEmpty)
        {
            return true;
        }

        var tries = 0;
        for (var from = 0; html[from..].IndexOf(file) is >= 0 and var found; from += found + 1)
        {
            if (++tries > MaxTries)
            {
                // What stands there so often may be named somewhere.
                return true;
            }

            var at = from + found;
            var after = at + file.Length;
            if ((after == html.Length || After.Contains(html[after])) && IsRelative(html[..at], name[..^file.Length])
                && IsLoaded(html, at, resource))
            {
                return true;
            }
        }

        return false;
    }

    // A preload with another hash, or with other candidates, is a download for nothing.
    private static bool HoldsDetails(ReadOnlySpan<byte> html, CriticalResource resource)
    {
        // A plus sign can be written in more than one way.
        foreach (var run in resource.Integrity?.Split([' ', '+'], StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (html.IndexOf(Encoding.ASCII.GetBytes(run)) < 0)
            {
                return false;
            }
        }

        foreach (var candidate in resource.ImageSrcSet?.Split(", ", StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            if (!HoldsAllOf(html, candidate.Split(' ')[0], null))
            {
                return false;
            }
        }

        return true;
    }

    // Percent signs and ampersands can be written in more than one way, but hardly what is between them.
    private static bool HoldsAllOf(ReadOnlySpan<byte> html, string target, CriticalResource? resource)
    {
        foreach (var parameter in target[(target.LastIndexOf('/') + 1)..].Split('&'))
        {
            var runs = parameter.Split('%');
            for (var i = 0; i < runs.Length; i++)
            {
                // The two digits after a percent sign belong to it.
                var run = Encoding.ASCII.GetBytes(i == 0 ? runs[0] : runs[i][Math.Min(2, runs[i].Length)..]);
                if (!Occurs(html, run, isEnd: i == runs.Length - 1, resource))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static bool Occurs(ReadOnlySpan<byte> html, ReadOnlySpan<byte> run, bool isEnd, CriticalResource? resource)
    {
        var tries = 0;
        for (var from = 0; !run.IsEmpty && html[from..].IndexOf(run) is >= 0 and var found; from += found + 1)
        {
            if (++tries > MaxTries)
            {
                return true;
            }

            var after = from + found + run.Length;
            if ((!isEnd || after == html.Length || !char.IsAsciiLetterOrDigit((char)html[after]))
                && (resource is null || IsLoaded(html, from + found, resource)))
            {
                return true;
            }
        }

        return run.IsEmpty;
    }

    // What a script writes stands in its text.
    private static bool IsLoaded(ReadOnlySpan<byte> html, int at, CriticalResource resource) =>
        resource.FoundBy == FoundBy.WrittenByScript || Markup.Loads(html, at, resource.Kind);

    // Going back from the file, the folders must be the same up to where the URL begins in the page, or up to the dots in it.
    private static bool IsRelative(ReadOnlySpan<byte> before, ReadOnlySpan<byte> folders)
    {
        while (!folders.IsEmpty && !before.IsEmpty && before[^1] == folders[^1])
        {
            before = before[..^1];
            folders = folders[..^1];
        }

        return folders.IsEmpty || before.IsEmpty || Before.Contains(before[^1]) || before[^1] == '.';
    }

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
