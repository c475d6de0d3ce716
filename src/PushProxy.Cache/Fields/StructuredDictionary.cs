using Microsoft.Extensions.Primitives;

namespace PushProxy.Cache.Fields;

/// <summary>What a member of a structured dictionary is, as far as cache directives tell them apart.</summary>
internal enum StructuredKind
{
    /// <summary>A name alone, which means true, or <c>?1</c>.</summary>
    True,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>A token.</summary>
    Word,

    /// <summary>A quoted string.</summary>
    Text,

    /// <summary>Anything else.</summary>
    Other,
}

/// <summary>
/// Reads dictionaries and lists of structured fields (RFC 9651 §3.2): <c>CDN-Cache-Control</c> and <c>Cache-Groups</c>. Parameters are
/// checked, and ignored.
/// </summary>
internal ref struct StructuredDictionary
{
    private ReadOnlySpan<char> _rest;

    private StructuredDictionary(ReadOnlySpan<char> text) => _rest = text;

    /// <summary>Returns the members by name; null if the field is not a dictionary, and therefore says nothing (RFC 9213 §2.1).</summary>
    public static Dictionary<string, (StructuredKind Kind, string? Text)>? Parse(StringValues lines)
    {
        var reader = new StructuredDictionary(lines.ToString().AsSpan().Trim(' '));
        var members = new Dictionary<string, (StructuredKind, string?)>(StringComparer.Ordinal);
        while (!reader._rest.IsEmpty)
        {
            if (!reader.Key(out var name) || !reader.MemberValue(out var kind, out var text) || !reader.Parameters() || !reader.Next())
            {
                return null;
            }

            if (kind == StructuredKind.Other && text == "?0")
            {
                members.Remove(name);
            }
            else
            {
                members[name] = (kind, text);
            }
        }

        return members;
    }

    /// <summary>Returns the strings of a list; null if the field is not a list. Members of other types are left out.</summary>
    public static List<string>? Strings(StringValues lines)
    {
        var reader = new StructuredDictionary(lines.ToString().AsSpan().Trim(' '));
        var strings = new List<string>();
        while (!reader._rest.IsEmpty)
        {
            if (!reader.Value(out var kind, out var text) || !reader.Parameters() || !reader.Next())
            {
                return null;
            }

            if (kind == StructuredKind.Text)
            {
                strings.Add(text!);
            }
        }

        return strings;
    }

    private bool Key(out string name)
    {
        name = "";
        if (_rest.IsEmpty || !(_rest[0] == '*' || char.IsAsciiLetterLower(_rest[0])))
        {
            return false;
        }

        name = Take(static c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '_' or '-' or '.' or '*').ToString();
        return true;
    }

    private bool MemberValue(out StructuredKind kind, out string? text)
    {
        (kind, text) = (StructuredKind.True, null);
        if (_rest.IsEmpty || _rest[0] != '=')
        {
            return true;
        }

        _rest = _rest[1..];
        return Value(out kind, out text);
    }

    private bool Value(out StructuredKind kind, out string? text)
    {
        (kind, text) = (StructuredKind.Other, null);
        if (_rest.IsEmpty)
        {
            return false;
        }

        switch (_rest[0])
        {
            case '"':
                kind = StructuredKind.Text;
                return Quoted(out text);
            case '?':
                text = _rest.Length >= 2 ? _rest[..2].ToString() : "";
                kind = text == "?1" ? StructuredKind.True : StructuredKind.Other;
                _rest = _rest[text.Length..];
                return text is "?0" or "?1";
            case '-' or (>= '0' and <= '9'):
                text = Take(static c => char.IsAsciiDigit(c) || c is '-' or '.').ToString();
                kind = text.AsSpan().ContainsAnyExceptInRange('0', '9') ? StructuredKind.Other : StructuredKind.Number;
                return IsNumber(text);
            case ':':
                var end = _rest[1..].IndexOf(':');
                _rest = end < 0 ? default : _rest[(end + 2)..];
                return end >= 0;
            case '(':
                return InnerList();
            case '*' or (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'):
                kind = StructuredKind.Word;
                text = Take(static c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~:/".Contains(c)).ToString();
                return true;
            default:
                return false;
        }
    }

    // At most 15 digits, or 12 before a point and three after it (RFC 9651 §4.2.4).
    private static bool IsNumber(ReadOnlySpan<char> text)
    {
        var digits = text.StartsWith('-') ? text[1..] : text;
        var point = digits.IndexOf('.');
        return point < 0 ? AreDigits(digits, 15) : AreDigits(digits[..point], 12) && AreDigits(digits[(point + 1)..], 3);

        static bool AreDigits(ReadOnlySpan<char> text, int most) =>
            text.Length > 0 && text.Length <= most && !text.ContainsAnyExceptInRange('0', '9');
    }

    private bool InnerList()
    {
        _rest = _rest[1..].TrimStart(' ');
        while (!_rest.IsEmpty && _rest[0] != ')')
        {
            if (_rest[0] == '(' || !Value(out _, out _) || !Parameters())
            {
                return false;
            }

            _rest = _rest.TrimStart(' ');
        }

        var closed = !_rest.IsEmpty;
        _rest = closed ? _rest[1..] : default;
        return closed;
    }

    private bool Quoted(out string? text)
    {
        text = null;
        var value = new System.Text.StringBuilder();
        for (var at = 1; at < _rest.Length; at++)
        {
            var c = _rest[at];
            if (c == '"')
            {
                text = value.ToString();
                _rest = _rest[(at + 1)..];
                return true;
            }

            if (c == '\\' && (++at == _rest.Length || (c = _rest[at]) is not ('"' or '\\')))
            {
                return false;
            }

            if (c is < ' ' or > '~')
            {
                return false;
            }

            value.Append(c);
        }

        return false;
    }

    private bool Parameters()
    {
        while (!_rest.IsEmpty && _rest[0] == ';')
        {
            _rest = _rest[1..].TrimStart(' ');
            if (!Key(out _) || !MemberValue(out _, out _))
            {
                return false;
            }
        }

        return true;
    }

    private bool Next()
    {
        _rest = _rest.TrimStart(" \t");
        if (_rest.IsEmpty)
        {
            return true;
        }

        if (_rest[0] != ',')
        {
            return false;
        }

        _rest = _rest[1..].TrimStart(" \t");
        return !_rest.IsEmpty;
    }

    private ReadOnlySpan<char> Take(Func<char, bool> accept)
    {
        var length = 0;
        while (length < _rest.Length && accept(_rest[length]))
        {
            length++;
        }

        var taken = _rest[..length];
        _rest = _rest[length..];
        return taken;
    }
}
