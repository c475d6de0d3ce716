namespace PushProxy.Http2.Connections;

/// <summary>
/// Counts the pushes that the client cancelled lately. Kestrel keeps a cancelled stream until the application has noticed. If many
/// were kept, Kestrel would refuse the client's own requests, so pushing pauses before that.
/// </summary>
internal sealed class CancellationBudget
{
    private const long Window = 200; // ms, in which an application should notice
    private long _start;
    private int _count;

    public void Cancelled()
    {
        Roll();
        _count++;
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
