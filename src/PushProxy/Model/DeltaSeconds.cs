namespace PushProxy.Model;

/// <summary>Reads a non-negative number of seconds from a header field (RFC 9111 §1.2.2).</summary>
internal static class DeltaSeconds
{
    /// <summary>Accepts only digits. A number above <see cref="CacheControl.MaxSeconds"/> counts as that maximum.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out int seconds)
    {
        seconds = 0;
        if (text.IsEmpty || text.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        foreach (var digit in text)
        {
            seconds = (int)Math.Min(CacheControl.MaxSeconds, (seconds * 10L) + (digit - '0'));
        }

        return true;
    }
}
