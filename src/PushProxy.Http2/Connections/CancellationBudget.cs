namespace PushProxy.Http2.Connections;

/// <summary>
/// Counts the pushes that the client ended lately, in whichever way. Kestrel keeps a cancelled stream until the application has
/// noticed. If many were kept, Kestrel would refuse the client's own requests, so pushing pauses before that.
/// </summary>
internal sealed class CancellationBudget
{
    private const long Window = 200; // ms, in which an application should notice
    private long _start;
    private int _count;

    /// <summary>All that the client has ended on this connection.</summary>
    public int Total { get; private set; }

    public void Cancelled()
    {
        Roll();
        _count++;
        Total++;
    }

    public bool IsSpent(long limit)
    {
        if (_count == 0)
        {
            return false;
        }

        Roll();
        return _count >= limit;
    }

    private void Roll()
    {
        var now = Environment.TickCount64;
        if (now - _start >= Window)
        {
            _start = now;
            _count = 0;
        }
    }
}
