using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PushProxy.Model;

/// <summary>
/// The neighbourhood that a client's address belongs to. Learning is shared fairly between these groups. A group is what one customer of a
/// network easily gets: the first 24 bits of an IPv4 address, because addresses are rented by the block, and the first 48 bits of an IPv6
/// address, because that is the most that one site is usually assigned (RFC 6177). With smaller groups, one attacker would be many clients.
/// Neighbours of an attacker lose nothing but learning speed.
/// </summary>
/// <param name="Prefix">The bits of the prefix, and which family they are of; 0 for all clients whose address is unknown.</param>
internal readonly record struct ClientGroup(ulong Prefix)
{
    /// <summary>Returns the group of an address.</summary>
    /// <param name="address">The address; null if the connection has none, as over a Unix socket.</param>
    public static ClientGroup Of(IPAddress? address)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            address.TryWriteBytes(bytes, out _);
            return new ClientGroup((BinaryPrimitives.ReadUInt64BigEndian(bytes) & 0xFFFF_FFFF_FFFF_0000) | 6);
        }

        var v4 = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        v4.TryWriteBytes(bytes, out _);
        return new ClientGroup(((ulong)(BinaryPrimitives.ReadUInt32BigEndian(bytes) & 0xFFFF_FF00) << 16) | 4);
    }
}
