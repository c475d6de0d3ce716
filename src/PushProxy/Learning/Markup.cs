using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>
/// Tells, without parsing a page, whether a place in it is in the tag of an element that loads a resource. Text, scripts and comments may
/// hold the same characters.
/// </summary>
internal static class Markup
{
    /// <summary>Returns whether a URL at a place makes a browser load a resource of a kind.</summary>
    /// <param name="html">The page.</param>
    /// <param name="at">The place.</param>
    /// <param name="kind">The kind.</param>
    public static bool Loads(ReadOnlySpan<byte> html, int at, ResourceKind kind)
    {
        var before = html[..at];
        var open = before.LastIndexOf((byte)'<');
        if (open < 0 || open < before.LastIndexOf((byte)'>'))
        {
            return false;
        }

        var length = html[open..].IndexOf((byte)'>');
        var tag = length < 0 ? html[open..] : html.Slice(open, length);
        return LoadsAs(tag[1..], kind) && !IsIn(html[..open], "<!--"u8, "-->"u8)
            && !IsIn(html[..open], "<script"u8, "</script"u8) && !IsIn(html[..open], "<SCRIPT"u8, "</SCRIPT"u8);
    }

    private static bool LoadsAs(ReadOnlySpan<byte> tag, ResourceKind kind) => kind switch
    {
        ResourceKind.Style => IsLinkTo(tag, "stylesheet"u8) && !Holds(tag, "alternate"u8),
        ResourceKind.Script => Is(tag, "script"u8) || IsLinkTo(tag, "modulepreload"u8),
        ResourceKind.Font => false,
        _ => !Is(tag, "a"u8) && !Is(tag, "script"u8) && !Is(tag, "link"u8),
    } || IsLinkTo(tag, "preload"u8);

    private static bool IsLinkTo(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> relation) => Is(tag, "link"u8) && Holds(tag, relation);

    private static bool Is(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> name) =>
        tag.Length > name.Length && Ascii.EqualsIgnoreCase(tag[..name.Length], name) && !char.IsAsciiLetterOrDigit((char)tag[name.Length]);

    private static bool Holds(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> word)
    {
        for (var i = 0; i <= tag.Length - word.Length; i++)
        {
            if (Ascii.EqualsIgnoreCase(tag.Slice(i, word.Length), word))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsIn(ReadOnlySpan<byte> before, ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end) =>
        before.LastIndexOf(begin) is >= 0 and var at && before[at..].IndexOf(end) < 0;
}
