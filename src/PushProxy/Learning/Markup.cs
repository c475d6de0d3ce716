using System.Buffers;
using System.Text;
using PushProxy.Analysis;

namespace PushProxy.Learning;

/// <summary>
/// Tells, without parsing a page, whether a place in it is in the tag of an element that loads a resource. Text, scripts and comments may
/// hold the same characters.
/// </summary>
internal static class Markup
{
    private static readonly SearchValues<byte> s_valueEnds = SearchValues.Create("=\"' \t\r\n<>"u8);

    /// <summary>Returns whether a URL at a place makes a browser load a resource of a kind.</summary>
    /// <param name="html">The page.</param>
    /// <param name="at">The place.</param>
    /// <param name="kind">The kind.</param>
    public static bool Loads(ReadOnlySpan<byte> html, int at, ResourceKind kind)
    {
        var before = html[..at];
        var open = before.LastIndexOf((byte)'<');
        if (open < 0 || IsInScript(html[..open]) || IsInComment(html[..open]))
        {
            return false;
        }

        if (open < before.LastIndexOf((byte)'>'))
        {
            // Text, or an attribute after another one that holds the sign.
            return IsInAttribute(before);
        }

        var length = html[open..].IndexOf((byte)'>');
        return LoadsAs((length < 0 ? html[open..] : html.Slice(open, length))[1..], kind);
    }

    // A URL begins after the sign and the quote of its attribute, or with a folder of its own.
    private static bool IsInAttribute(ReadOnlySpan<byte> before)
    {
        var start = before.LastIndexOfAny(s_valueEnds);
        var value = start < 0 ? default : before[..(start + 1)].TrimEnd("\"'"u8);
        return value.EndsWith("href="u8) || value.EndsWith("src="u8) || value.EndsWith("srcset="u8);
    }

    private static bool LoadsAs(ReadOnlySpan<byte> tag, ResourceKind kind) => kind switch
    {
        ResourceKind.Style => IsLinkTo(tag, "stylesheet"u8) && !Holds(Relation(tag), "alternate"u8),
        ResourceKind.Script => Is(tag, "script"u8) || IsLinkTo(tag, "modulepreload"u8),
        ResourceKind.Font => false,
        _ => !Is(tag, "a"u8) && !Is(tag, "script"u8) && !Is(tag, "link"u8),
    } || IsLinkTo(tag, "preload"u8);

    private static bool IsLinkTo(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> relation) =>
        Is(tag, "link"u8) && Holds(Relation(tag), relation);

    // The value of rel; all of the tag if it is not written in one of the usual ways.
    private static ReadOnlySpan<byte> Relation(ReadOnlySpan<byte> tag)
    {
        var at = tag.IndexOf("rel="u8) is >= 0 and var lower ? lower : tag.IndexOf("REL="u8);
        if (at < 0 || at + 4 >= tag.Length)
        {
            return tag;
        }

        var value = tag[(at + 4)..];
        var end = value[0] is (byte)'"' or (byte)'\'' ? value[1..].IndexOf(value[0]) + 1 : value.IndexOfAny(" \t\r\n"u8);
        return end <= 0 ? value : value[..end];
    }

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

    private static bool IsInScript(ReadOnlySpan<byte> before) =>
        IsOpen(before, "<script"u8, "</script"u8) || IsOpen(before, "<SCRIPT"u8, "</SCRIPT"u8);

    // A script that has ended since may have held the beginning.
    private static bool IsInComment(ReadOnlySpan<byte> before) =>
        IsOpen(before, "<!--"u8, "-->"u8) && IsOpen(before, "<!--"u8, "</script"u8);

    private static bool IsOpen(ReadOnlySpan<byte> before, ReadOnlySpan<byte> begin, ReadOnlySpan<byte> end) =>
        before.LastIndexOf(begin) is >= 0 and var at && before[at..].IndexOf(end) < 0;
}
