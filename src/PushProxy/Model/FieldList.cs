namespace PushProxy.Model;

/// <summary>Lists in header fields: members between commas, except for commas in quoted strings (RFC 9110 §5.6.1, §5.6.4).</summary>
internal static class FieldList
{
    /// <summary>Where the first member ends: at the index of its comma, or at the end.</summary>
    /// <param name="list">What is left of the list.</param>
    /// <param name="escapes">
    /// Whether <c>\</c> escapes in a quoted string; in an entity tag it is a character like any other (RFC 9110 §8.8.3).
    /// </param>
    /// <param name="closed">False when the member ends within a quoted string.</param>
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
