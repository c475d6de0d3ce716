using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;
using PushProxy.Server.Configuration;

namespace PushProxy.Server.Hosting;

/// <summary>
/// What a connection begins with that comes through a proxy which speaks the PROXY protocol
/// (<see href="https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt">HAProxy's description</see>), version 1 or 2.
/// </summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Client">The client's address and port; null if the proxy itself connects, or does not know.</param>
internal sealed record ProxyHeader(int Length, IPEndPoint? Client)
{
    /// <summary>The longest that is read, in bytes. What follows the addresses in version 2 may be long.</summary>
    public const int MaxLength = Version2Start + 4096;

    // With its line end (§2.1).
    private const int MaxVersion1 = 107;
    private const int Version2Start = 16;

    private static ReadOnlySpan<byte> Version1 => "PROXY "u8;

    private static ReadOnlySpan<byte> Version2 => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads it.</summary>
    /// <param name="bytes">What has come so far.</param>
    /// <param name="header">It, when it is complete.</param>
    /// <returns>Whether this is, or may become, such a beginning.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ProxyHeader? header)
    {
        header = null;
        if (Begins(bytes, Version1))
        {
            var end = bytes.IndexOf("\r\n"u8);
            return end < 0 ? bytes.Length < MaxVersion1 : end + 2 <= MaxVersion1 && TryReadLine(bytes[..end], out header);
        }

        if (!Begins(bytes, Version2))
        {
            return false;
        }

        if (bytes.Length < Version2Start)
        {
            return true;
        }

        var length = Version2Start + BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        return length <= MaxLength && (bytes.Length < length || TryReadBlock(bytes[..length], out header));
    }

    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> with) =>
        bytes.Length < with.Length ? with.StartsWith(bytes) : bytes.StartsWith(with);

    // PROXY TCP4 203.0.113.7 192.0.2.1 56324 443
    private static bool TryReadLine(ReadOnlySpan<byte> line, out ProxyHeader? header)
    {
        var words = Encoding.ASCII.GetString(line).Split(' ');
        header = new(line.Length + 2, null);
        if (words[1] == "UNKNOWN")
        {
            return true;
        }

        if (words is not [_, "TCP4" or "TCP6", var source, var destination, var sourcePort, var destinationPort]
            || Address(source, words[1]) is not { } client || Address(destination, words[1]) is null
            || !ushort.TryParse(sourcePort, NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || !ushort.TryParse(destinationPort, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            header = null;
            return false;
        }

        header = header with { Client = new(client, port) };
        return true;
    }

    private static IPAddress? Address(string text, string kind) =>
        text.Contains(':') == (kind == "TCP6") ? NetworkAddress.AddressOf(text) : null;

    private static bool TryReadBlock(ReadOnlySpan<byte> block, out ProxyHeader? header)
    {
        header = new(block.Length, null);
        var content = block[Version2Start..];
        switch (block[12], block[13])
        {
            // A connection of the proxy's own (LOCAL), and what is neither TCP nor IP.
            case (0x20, _):
            case (0x21, not (0x11 or 0x21)):
                return true;
            case (0x21, 0x11) when content.Length >= 12:
                header = header with { Client = new(new IPAddress(content[..4]), BinaryPrimitives.ReadUInt16BigEndian(content[8..])) };
                return true;
            case (0x21, 0x21) when content.Length >= 36:
                header = header with { Client = new(new IPAddress(content[..16]), BinaryPrimitives.ReadUInt16BigEndian(content[32..])) };
                return true;
            default:
                header = null;
                return false;
        }
    }
}
