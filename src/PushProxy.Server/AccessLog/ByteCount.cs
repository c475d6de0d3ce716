namespace PushProxy.Server.AccessLog;

/// <summary>How many bytes of content a client was sent. Writes of one response may come from several threads.</summary>
internal sealed class ByteCount
{
    private long _bytes;

    public long Total => Volatile.Read(ref _bytes);

    public void Add(long bytes) => Interlocked.Add(ref _bytes, bytes);
}
