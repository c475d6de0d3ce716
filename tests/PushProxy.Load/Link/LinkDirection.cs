using System.Buffers;
using System.Diagnostics;

namespace PushProxy.Load.Link;

/// <summary>
/// One direction of a link: a packet waits until those before it have gone at the link's bandwidth, then for the delay. One that would wait
/// too long for bandwidth is dropped, as a router with a full queue does.
/// </summary>
internal sealed class LinkDirection
{
    private const int LargestPacket = 1500;
    // An Ethernet frame around each packet takes bandwidth, too.
    private const int FrameOverhead = 18;
    // However slow the link, its queue has room for this much: an initial window of several connections.
    private const int SmallestQueue = 64 * 1024;
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);
    private readonly TunDevice _from;
    private readonly TunDevice _to;
    private readonly TimeSpan _delay;
    private readonly double _octetsPerSecond;
    private readonly TimeSpan _longestQueue;
    private readonly Queue<(TimeSpan Due, byte[] Packet, int Length)> _waiting = new();
    private TimeSpan _free;
    private long _octets;
    private long _packets;
    private long _dropped;

    public LinkDirection(TunDevice from, TunDevice to, TimeSpan delay, double megabitsPerSecond, TimeSpan queue)
    {
        (_from, _to, _delay, _octetsPerSecond) = (from, to, delay, megabitsPerSecond * 1e6 / 8);
        var smallest = TimeSpan.FromSeconds(SmallestQueue / _octetsPerSecond);
        _longestQueue = queue > smallest ? queue : smallest;
    }

    /// <summary>What has gone so far.</summary>
    public LinkCount Count => new(Volatile.Read(ref _octets), Volatile.Read(ref _packets), Volatile.Read(ref _dropped));

    /// <summary>Carries packets, on a thread of its own, until it is told to end.</summary>
    public void Run(CancellationToken end)
    {
        var buffer = new byte[LargestPacket];
        while (!end.IsCancellationRequested)
        {
            _from.Wait(UntilNext());
            var now = Now();
            for (var i = 0; i < 64 && _from.Read(buffer) is > 0 and var length; i++)
            {
                Take(buffer.AsSpan(0, length), now);
            }

            Deliver(Now());
        }
    }

    private static TimeSpan Now() => TimeSpan.FromSeconds((double)Stopwatch.GetTimestamp() / Stopwatch.Frequency);

    private TimeSpan UntilNext()
    {
        if (!_waiting.TryPeek(out var next))
        {
            return LongestWait;
        }

        var time = next.Due - Now();
        return time < TimeSpan.Zero ? TimeSpan.Zero : time < LongestWait ? time : LongestWait;
    }

    private void Take(ReadOnlySpan<byte> packet, TimeSpan now)
    {
        // IPv4 alone; IPv6 looks for routers and neighbours, which are not there.
        if (packet[0] >> 4 != 4)
        {
            return;
        }

        var start = _free > now ? _free : now;
        if (start - now > _longestQueue)
        {
            _dropped++;
            return;
        }

        _free = start + TimeSpan.FromSeconds((packet.Length + FrameOverhead) / _octetsPerSecond);
        var copy = ArrayPool<byte>.Shared.Rent(packet.Length);
        packet.CopyTo(copy);
        _waiting.Enqueue((_free + _delay, copy, packet.Length));
        Volatile.Write(ref _octets, _octets + packet.Length);
        Volatile.Write(ref _packets, _packets + 1);
    }

    private void Deliver(TimeSpan now)
    {
        while (_waiting.TryPeek(out var next) && next.Due <= now)
        {
            _waiting.Dequeue();
            _to.Write(next.Packet.AsSpan(0, next.Length));
            ArrayPool<byte>.Shared.Return(next.Packet);
        }
    }
}

/// <summary>
/// What a link has carried in one direction: octets of IP packets, packets, and packets dropped for want of room in the queue.
/// </summary>
internal readonly record struct LinkCount(long Octets, long Packets, long Dropped)
{
    /// <summary>What has gone between two counts.</summary>
    public static LinkCount operator -(LinkCount later, LinkCount earlier) =>
        new(later.Octets - earlier.Octets, later.Packets - earlier.Packets, later.Dropped - earlier.Dropped);

    public override string ToString() => $"{Octets} octets in {Packets} packets, {Dropped} dropped";
}
