namespace PushProxy.Cache.Fields;

/// <summary>Reads a non-negative number of seconds from a header field (RFC 9111 §1.2.2).</summary>
internal static class DeltaSeconds
{
    /// <summary>The maximum number of seconds (RFC 9111 §1.2.2), about 68 years. A greater number counts as this one.</summary>
    public const int Max = int.MaxValue;

    /// <summary>Accepts only digits. A number above <see cref="Max"/> counts as that maximum.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            seconds = (int)Math.Min(Max, (seconds * 10L) + (digit - '0'));
        }

        return true;
    }
}
