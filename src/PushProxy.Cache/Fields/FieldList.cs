namespace PushProxy.Cache.Fields;

/// <summary>
/// Reads lists in header fields. Commas separate the members, except for commas in quoted strings (RFC 9110 §5.6.1, §5.6.4).
/// </summary>
internal static class FieldList
{
    /// <summary>Takes the first member off a list, without the white space around it.</summary>
    /// <param name="rest">The part of the list that is not read yet. Empty after the last member.</param>
    /// <param name="escapes">As below.</param>
    /// <param name="closed">As below.</param>
    public static ReadOnlySpan<char> Next(ref ReadOnlySpan<char> rest, bool escapes, out bool closed)
    {
        var end = EndOfMember(rest, escapes, out closed);
        var member = rest[..end].Trim(" \t");
        rest = end < rest.Length ? rest[(end + 1)..] : default;
        return member;
    }

    /// <summary>Returns where the first member ends: the index of the comma after it, or the length of the list.</summary>
    /// <param name="list">The part of the list that is not read yet.</param>
    /// <param name="escapes">
    /// Whether <c>\</c> escapes the next character in a quoted string. In an entity tag it is an ordinary character (RFC 9110 §8.8.3).
    /// </param>
    /// <param name="closed">False if the member ends inside a quoted string.</param>
    public static int EndOfMember(ReadOnlySpan<char> list, bool escapes, out bool closed)
    {
        closed = true;
        for (var at = 0; at < list.Length; at++)
        {
            switch (list[at])
            {
                case '"':
                    closed = !closed;
                    break;
                case '\\' when escapes && !closed:
                    at++;
                    break;
                case ',' when closed:
                    return at;
            }
        }

        return list.Length;
    }
}
