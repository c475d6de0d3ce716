using System.Net;

namespace PushProxy.Server.Configuration;

/// <summary>Reads an IP address or a network.</summary>
internal static class NetworkAddress
{
    /// <param name="text">Such as 10.0.0.5, 10.0.0.0/8 or 2001:db8::/32.</param>
    /// <param name="network">The network; for an address the one that holds only it.</param>
    public static bool TryParse(string text, out IPNetwork network)
    {
        // .NET takes 1 for 0.0.0.1.
        if (IPAddress.TryParse(text, out var address) && (text.Contains(':') || address.ToString() == text))
        {
            network = new IPNetwork(address, address.GetAddressBytes().Length * 8);
            return true;
        }

        return IPNetwork.TryParse(text, out network);
    }
}
