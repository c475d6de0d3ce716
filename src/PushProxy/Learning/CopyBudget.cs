namespace PushProxy.Learning;

/// <summary>Limits the memory that all copies of passing pages share.</summary>
internal sealed class CopyBudget(long limit)
{
    private long _used;

    /// <summary>The bytes in use now.</summary>
    public long Used => Volatile.Read(ref _used);

    public bool TryReserve(int bytes)
    {
        if (Interlocked.Add(ref _used, bytes) <= limit)
        {
            return true;
        }

        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _used, -bytes);
}
