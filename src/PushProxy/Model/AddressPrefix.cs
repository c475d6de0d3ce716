using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace PushProxy.Model;

/// <summary>
/// The first bits of an address. Clients with the same prefix count as one. The default value is an address that is not known.
/// </summary>
/// <param name="Bits">The bits, from the highest on; those behind the prefix are 0.</param>
/// <param name="Version">The version of the Internet Protocol: 4 or 6; 0 if the address is not known.</param>
internal readonly record struct AddressPrefix(ulong Bits, byte Version)
{
    /// <summary>
    /// Returns the network of a client: what one customer easily gets of addresses. That is the first 24 bits of an IPv4 address, because
    /// addresses are rented by the block, and the first 48 bits of an IPv6 address, the most that one site is usually assigned (RFC 6177).
    /// If it were less, one attacker would be many clients. Neighbours of an attacker lose nothing but learning speed.
    /// </summary>
    /// <param name="address">The address; null if the connection has none, as over a Unix socket.</param>
    public static AddressPrefix NetworkOf(IPAddress? address) => Of(address, ofV4: 24, ofV6: 48);

    /// <summary>
    /// Returns what stands for a client's own address: all of an IPv4 address, and the first 64 bits of an IPv6 address, because a
    /// subscriber chooses the rest.
    /// </summary>
    /// <param name="address">The address; null if the connection has none, as over a Unix socket.</param>
    public static AddressPrefix HostOf(IPAddress? address) => Of(address, ofV4: 32, ofV6: 64);

    private static AddressPrefix Of(IPAddress? address, int ofV4, int ofV6)
    {
        if (address is null)
        {
            return default;
        }

        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && !address.IsIPv4MappedToIPv6)
        {
            return new AddressPrefix(First(BinaryPrimitives.ReadUInt64BigEndian(bytes), ofV6), 6);
        }

        // The last four bytes of an address that is mapped to IPv6 are the IPv4 address (RFC 4291 §2.5.5.2).
        var v4 = BinaryPrimitives.ReadUInt32BigEndian(address.IsIPv4MappedToIPv6 ? bytes[12..] : bytes);
        return new AddressPrefix(First((ulong)v4 << 32, ofV4), 4);
    }

    private static ulong First(ulong bits, int count) => bits & (ulong.MaxValue << (64 - count));
}
