namespace PushProxy.Redis.Connections;

/// <summary>Wakes the one who waits. Several calls before it waits are one.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0);
    private int _isSet;

    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits for the signal, or for so long.</summary>
    public async Task WaitAsync(TimeSpan limit, CancellationToken cancellation)
    {
        if (await _semaphore.WaitAsync(limit, cancellation))
        {
            Volatile.Write(ref _isSet, 0);
        }
    }

    public void Dispose() => _semaphore.Dispose();
}
