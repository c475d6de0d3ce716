using System.Buffers.Binary;
using System.Net.Sockets;

namespace PushProxy.Client.Pacing;

/// <summary>Reads <c>TCP_INFO</c> of a connection's socket on Linux (tcp(7), linux/tcp.h).</summary>
internal static class TcpInfo
{
    private const int SolTcp = 6;
    private const int TcpInfoOption = 11;

    // The offsets in struct tcp_info, which only ever grows at its end. tcpi_notsent_bytes exists since Linux 4.6, and so does
    // tcpi_min_rtt.
    private const int SendMss = 16;
    private const int Unacked = 24;
    private const int Rtt = 68;
    private const int CongestionWindow = 80;
    private const int NotSent = 144;
    private const int MinRtt = 148;
    private const int Needed = 152;

    // Since Linux 4.1 and 4.19.
    private const int Acknowledged = 120;
    private const int Sent = 200;
    private const int SentAgain = 208;
    private const int NeededForBytes = 216;

    /// <returns>The state of the path; null if the system or the socket does not provide it.</returns>
    public static LinkState? Read(Socket? socket)
    {
        Span<byte> info = stackalloc byte[Needed];
        if (!TryRead(socket, info))
        {
            return null;
        }

        var mss = Read(info, SendMss);
        if (mss == 0)
        {
            return null;
        }

        var roundTrip = TimeSpan.FromMicroseconds(Read(info, Rtt));
        return new LinkState(roundTrip, Segments(info, CongestionWindow, mss), Segments(info, Unacked, mss), Read(info, NotSent))
        {
            ShortestRoundTrip = TimeSpan.FromMicroseconds(Read(info, MinRtt)),
        };
    }

    /// <summary>Reads how far the connection's bytes have come.</summary>
    /// <returns>Null if the system or the socket does not tell.</returns>
    public static SentBytes? ReadBytes(Socket? socket)
    {
        Span<byte> info = stackalloc byte[NeededForBytes];
        if (!TryRead(socket, info))
        {
            return null;
        }

        // What was acknowledged counts the SYN, too (RFC 9293 §3.4).
        return new SentBytes(ReadLong(info, Sent) - ReadLong(info, SentAgain) + Read(info, NotSent), ReadLong(info, Acknowledged));
    }

    private static bool TryRead(Socket? socket, Span<byte> info)
    {
        if (socket is null || !OperatingSystem.IsLinux() || socket.ProtocolType != ProtocolType.Tcp)
        {
            return false;
        }

        try
        {
            return socket.GetRawSocketOption(SolTcp, TcpInfoOption, info) >= info.Length;
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The connection has just ended.
            return false;
        }
    }

    private static long ReadLong(ReadOnlySpan<byte> info, int at) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReadInt64LittleEndian(info[at..]) : BinaryPrimitives.ReadInt64BigEndian(info[at..]);

    private static int Segments(ReadOnlySpan<byte> info, int at, int mss) => (int)Math.Min(int.MaxValue, (long)Read(info, at) * mss);

    private static int Read(ReadOnlySpan<byte> info, int at) =>
        (int)Math.Min(int.MaxValue, BitConverter.IsLittleEndian
            ? BinaryPrimitives.ReadUInt32LittleEndian(info[at..]) : BinaryPrimitives.ReadUInt32BigEndian(info[at..]));
}
