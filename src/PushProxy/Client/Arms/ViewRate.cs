namespace PushProxy.Client.Arms;

/// <summary>
/// Limits how many page views are measured, so that measuring costs a busy site next to nothing. A view is chosen before anything depends
/// on its arm.
/// </summary>
internal sealed class ViewRate(TimeProvider time)
{
    /// <summary>How many views are measured in a second, in the long run.</summary>
    public const int PerSecond = 50;

    /// <summary>How many are measured at once after a pause.</summary>
    public const int Burst = 500;

    private readonly Lock _lock = new();
    private double _left = Burst;
    private long _at = time.GetTimestamp();

    /// <summary>Returns whether one more view may be measured.</summary>
    public bool TryTake()
    {
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _left = Math.Min(Burst, _left + (time.GetElapsedTime(_at, now).TotalSeconds * PerSecond));
            _at = now;
            if (_left < 1)
            {
                return false;
            }

            _left--;
            return true;
        }
    }
}
