namespace PushProxy.Client;

/// <summary>Lets so many through in a second on average, and some more at once. It may be used by several threads.</summary>
/// <param name="perSecond">How many on average.</param>
/// <param name="atOnce">How many at once, after a pause.</param>
/// <param name="time">The clock.</param>
internal sealed class TokenBucket(int perSecond, int atOnce, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = atOnce;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Returns whether one more may pass.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            // A clock that jumps back adds nothing.
            var now = time.GetTimestamp();
            var added = Math.Max(0, time.GetElapsedTime(_filledAt, now).TotalSeconds) * perSecond;
            (_tokens, _filledAt) = (Math.Min(atOnce, _tokens + added), now);
            if (_tokens < 1)
            {
                return false;
            }

            _tokens--;
            return true;
        }
    }
}
