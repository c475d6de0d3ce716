namespace PushProxy.Model;

/// <summary>A non-negative number of seconds as headers carry it (RFC 9111 §1.2.2).</summary>
internal static class DeltaSeconds
{
    /// <summary>Digits only; a number too great to be held counts as the greatest there is.</summary>
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
