using System.Net;

namespace PushProxy.Server.Configuration;

/// <summary>Reads an IP address or a network.</summary>
internal static class NetworkAddress
{
    /// <param name="text">Such as 10.0.0.5, 10.0.0.0/8 or 2001:db8::/32.</param>
    /// <param name="network">The network; for an address the one that holds only it.</param>
    public static bool TryParse(string text, out IPNetwork network)
    {
        if (AddressOf(text) is { } address)
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }

    /// <summary>Returns an address that is written out; null if the text is none. .NET takes 1 for 0.0.0.1.</summary>
    public static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address) && (text.Contains(':') || address.ToString() == text) ? address : null;
}
