using System.Buffers;
using System.Text;

namespace PushProxy.Analysis.Encodings;

/// <summary>Finds the encoding a page names in a meta element, before it is parsed (HTML §13.2.3.2, "prescan a byte stream").</summary>
internal static class MetaPrescan
{
    /// <summary>How far the standard looks, in bytes.</summary>
    public const int Reach = 1024;

    private static readonly SearchValues<char> TagNameEnd = SearchValues.Create(" \t\n\f\r>");
    private static readonly SearchValues<char> CharsetEnd = SearchValues.Create("; \t\n\f\r");

    /// <summary>The encoding named; null when none is, or one nobody knows.</summary>
    public static Encoding? Find(ReadOnlySpan<byte> start)
    {
        // One byte, one character: nothing that matters here is outside ASCII.
        var text = Encoding.Latin1.GetString(start);
        var at = 0;
        while ((at = text.IndexOf('<', at)) >= 0)
        {
            if (text.AsSpan(at).StartsWith("<!--"))
            {
                // "<!-->" is a whole comment: the dashes of its start may be those of its end.
                var end = text.IndexOf("-->", at + 2, StringComparison.Ordinal);
                if (end < 0)
                {
                    return null;
                }

                at = end + 3;
            }
            else if (IsMeta(text.AsSpan(at)))
            {
                at += "<meta".Length;
                if (FromMeta(text, ref at) is { } found)
                {
                    return found;
                }
            }
            else if (at + 1 < text.Length
                && (char.IsAsciiLetter(text[at + 1]) || (text[at + 1] == '/' && at + 2 < text.Length && char.IsAsciiLetter(text[at + 2]))))
            {
                at = Math.Max(text.AsSpan(at).IndexOfAny(TagNameEnd), 1) + at;
                while (PrescanAttribute.Next(text, ref at) is not null)
                {
                }
            }
            else if (at + 1 < text.Length && text[at + 1] is '!' or '/' or '?')
            {
                at = text.IndexOf('>', at);
                if (at < 0)
                {
                    return null;
                }
            }
            else
            {
                at++;
            }
        }

        return null;
    }

    private static bool IsMeta(ReadOnlySpan<char> text) =>
        text.StartsWith("<meta", StringComparison.OrdinalIgnoreCase) && text.Length > 5 && text[5] is ' ' or '\t' or '\n' or '\f' or '\r'
            or '/';

    private static Encoding? FromMeta(string text, ref int at)
    {
        string? charset = null;
        string? content = null;
        var isContentType = false;
        while (PrescanAttribute.Next(text, ref at) is { } attribute)
        {
            switch (attribute.Name)
            {
                case "charset":
                    charset ??= attribute.Value;
                    break;
                case "http-equiv":
                    isContentType |= attribute.Value.Equals("content-type", StringComparison.OrdinalIgnoreCase);
                    break;
                case "content":
                    content ??= CharsetIn(attribute.Value);
                    break;
            }
        }

        var found = EncodingLabels.Find(charset ?? (isContentType ? content : null));

        // A page whose meta could be read byte by byte is not in UTF-16, whatever it says.
        return found is UnicodeEncoding ? EncodingLabels.Utf8 : found;
    }

    // HTML, "extracting a character encoding from a meta element".
    private static string? CharsetIn(string content)
    {
        var at = 0;
        while ((at = content.IndexOf("charset", at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            at += "charset".Length;
            var rest = content.AsSpan(at).TrimStart();
            if (rest is not ['=', ..])
            {
                continue;
            }

            rest = rest[1..].TrimStart();
            if (rest is ['"' or '\'', ..])
            {
                var quote = rest[1..].IndexOf(rest[0]);
                return quote < 0 ? null : rest.Slice(1, quote).ToString();
            }

            var end = rest.IndexOfAny(CharsetEnd);
            return (end < 0 ? rest : rest[..end]).ToString();
        }

        return null;
    }
}
