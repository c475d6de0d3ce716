using Microsoft.Extensions.Options;

namespace PushProxy.Cache.Flights;

/// <summary>
/// The memory of all bodies that are on their way into the store. Each has a limit of its own, but how many there are at a time is up to
/// clients and the origin.
/// </summary>
internal sealed class BytesUnderWay(IOptions<HttpCacheOptions> options)
{
    private readonly long _limit = options.Value.MaxBytesUnderWay;
    private long _taken;

    /// <summary>How much is taken, in bytes.</summary>
    public long Taken => Volatile.Read(ref _taken);

    /// <summary>Takes memory; returns false if there is not so much.</summary>
    public bool TryTake(long bytes)
    {
        for (var taken = Taken; taken + bytes <= _limit;)
        {
            var before = Interlocked.CompareExchange(ref _taken, taken + bytes, taken);
            if (before == taken)
            {
                return true;
            }

            taken = before;
        }

        return false;
    }

    public void GiveBack(long bytes) => Interlocked.Add(ref _taken, -bytes);
}
